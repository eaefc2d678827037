/** The client: one socket, the room that is open, and what one says there. */

import * as api from "./api.js";
import { attempt } from "./announce.js";
import { carryOut } from "./events.js";
import { learnRoom, loadLatest, loadMembers, readRoom, reload } from "./rooms.js";
import * as session from "./session.js";
import { Disconnected, Socket } from "./socket.js";
import * as store from "./store.js";

const { state } = store;
let socket = null;

/** Come alive as whoever is signed in. onOver: the session has ended. */
export function start(onOver) {
  socket = new Socket({
    token: session.accessToken,
    renew: session.refreshToken,
    onEvent: carryOut,
    onState: changeConnection,
    onOver,
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
async function changeConnection(connection) {
  store.set({ connection });
  if (connection !== "online") return;
  await attempt(async () => {
    if (state.rooms.size === 0) await reload();
    if (state.openRoom) await join(state.openRoom);
  });
}

/** Show a room: texts, typing, edits and deletions are told to those who have joined it. */
export async function openRoom(id) {
  const before = state.openRoom;
  if (before === id) return readRoom(id);
  if (before) socket.ask({ type: "leave_room", room_id: before }).catch(() => null);
  store.set({ openRoom: id });
  if (!id) return;
  await attempt(() => join(id));
  await attempt(() => Promise.all([loadLatest(id), loadMembers(id)]));
  await readRoom(id);
}

export async function openDirect(userId) {
  await attempt(async () => {
    const { room_id: id } = await api.directRoom(userId);
    if (!state.rooms.has(id)) await learnRoom(id);
    await openRoom(id);
  });
}

/** Listen to a room, and send again what nobody knows the fate of. */
async function join(roomId) {
  await socket.ask({ type: "join_room", room_id: roomId });
  const unsent = (state.messages.get(roomId) ?? []).filter(({ status, file }) => status === "sending" && !file);
  unsent.forEach((message) => deliver(roomId, message));
}

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

export const edit = (id, content) => attempt(() => api.editMessage(id, content));
export const remove = (id) => attempt(() => api.deleteMessage(id));
export const findPeople = async (words) => (await api.people(words)).results.map(store.personOf);
