/** The client: one socket, the room that is open, and what one says there. */

import * as api from "./api.js";
import { attempt, complain, once } from "./announce.js";
import { carryOut } from "./events.js";
import { say } from "./i18n.js";
import { learnRoom, loadLatest, loadMembers, reload } from "./rooms.js";
import * as session from "./session.js";
import { Disconnected, Socket } from "./socket.js";
import * as store from "./store.js";

const { state } = store;
const A_WHILE = 5000;
let socket = null;
let enteredRoom = null; // The open room, once all that was said there lately is here.

/** Come alive as whoever is signed in. */
export function start() {
  socket = new Socket({
    token: session.accessToken,
    renew: session.refreshToken,
    onEvent: (event) => (event.type === "resync_required" ? resync() : carryOut(event)),
    onState: changeConnection,
  });
  socket.connect();
}

export function stop() {
  socket?.close();
  socket = null;
  store.reset();
}

/** Load everything once the socket hears, so that nothing falls between the two.
 *
 * Coming back, the socket has told what was missed; only the room has to be joined again.
 */
function changeConnection(connection) {
  store.set({ connection });
  if (connection !== "online") return;
  if (state.openRoom) attempt(() => enter(state.openRoom));
  [...state.messages.keys()].filter((id) => id !== state.openRoom && unsentIn(id).length).forEach(sayAndLeave);
  if (mustLoad()) load(socket);
}

function resync() {
  store.set({ isCurrent: false });
  if (mustLoad()) load(socket);
}

/** For whoever this socket is of. What can't be loaded now is tried again, for as long as it hears. */
const load = once(async (asker) => {
  if (!(await attempt(reload))) setTimeout(() => asker === socket && mustLoad() && load(asker), A_WHILE);
});

const mustLoad = () => socket && state.connection === "online" && !state.isCurrent;

/** Show a room: texts, typing, edits and deletions are told to those who have joined it. */
export async function openRoom(id) {
  const before = state.openRoom;
  if (before === id) return;
  if (state.isCurrent && id && !state.rooms.has(id)) return complain(say("roomIsGone"));
  if (before) leave(before);
  enteredRoom = null;
  store.set({ openRoom: id });
  if (id) await attempt(() => enter(id));
}

/** What was said before one listened is fetched once; coming back, the socket itself tells of it. */
async function enter(id) {
  await join(id);
  if (id === enteredRoom || !state.rooms.has(id)) return;
  await Promise.all([loadLatest(id), loadMembers(id)]);
  if (id === state.openRoom) enteredRoom = id;
}

/** The direct room with somebody, made when there is none. null: the server refuses. */
export async function directRoom(userId) {
  let id = null;
  await attempt(async () => {
    const raw = await api.directRoom(userId);
    if (!state.rooms.has(raw.room_id)) await learnRoom(raw.room_id);
    id = raw.room_id;
  });
  return id;
}

/** Listen to a room, and send again what nobody knows the fate of. */
async function join(roomId) {
  await socket.ask({ type: "join_room", room_id: roomId });
  unsentIn(roomId).forEach((message) => deliver(roomId, message));
}

const leave = (roomId) => socket.ask({ type: "leave_room", room_id: roomId }).catch(() => null);

async function sayAndLeave(roomId) {
  await attempt(() => join(roomId));
  if (roomId !== state.openRoom) leave(roomId);
}

const unsentIn = (roomId) =>
  (state.messages.get(roomId) ?? []).filter(({ status, file }) => status === "sending" && !file);

/** Say something: shown at once, and marked once the server has committed it. */
export function send(roomId, content) {
  const message = draft({ content, file: null });
  store.putMessages(roomId, [message]);
  deliver(roomId, message);
}

export function sendAgain(roomId, message) {
  store.putMessages(roomId, [{ ...message, status: "sending" }]);
  deliver(roomId, message);
}

/** The same client_message_id is the same message: however often it is sent, it is stored once. */
async function deliver(roomId, { clientId, content }) {
  try {
    const frame = { type: "send_message", room_id: roomId, content, client_message_id: clientId };
    const { message_id: id } = await socket.ask(frame);
    store.changePending(roomId, clientId, { id, status: "sent" });
  } catch (error) {
    // A lost connection leaves it "sending": it goes out again when the room is joined again.
    if (!(error instanceof Disconnected)) fail(roomId, clientId, error);
  }
}

/** A file goes over REST; its message comes over the socket once the file is processed. */
export async function sendFile(roomId, file) {
  const message = draft({ content: file.name, file: { name: file.name, url: null, thumbnail: null } });
  store.putMessages(roomId, [message]);
  try {
    const { message_id: id } = await api.uploadFile(roomId, file);
    store.changePending(roomId, message.clientId, { id });
  } catch (error) {
    fail(roomId, message.clientId, error);
  }
}

const fail = (roomId, clientId, { message: reason }) =>
  store.changePending(roomId, clientId, { status: "failed", reason });

function draft(parts) {
  const { id, name } = session.me();
  const clientId = store.newId();
  const rest = { sentAt: "", isEdited: false, isDeleted: false, status: "sending" };
  return { key: clientId, id: clientId, clientId, sender: { id, name }, ...parts, ...rest };
}

export const setTyping = (isTyping) =>
  state.openRoom && socket?.tell({ type: "typing", room_id: state.openRoom, is_typing: isTyping });

/** Give a message another text. Whether it has it now. */
export const edit = (roomId, id, content) =>
  attempt(async () => {
    await api.editMessage(id, content);
    store.changeMessage(roomId, id, { content, isEdited: true });
  });

export const remove = (roomId, id) =>
  attempt(async () => {
    await api.deleteMessage(id);
    store.changeMessage(roomId, id, store.DELETED);
  });

export const findPeople = async (words) => (await api.people(words)).results.map(store.personOf);
