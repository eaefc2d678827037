/** Bringing rooms and what was said in them into the store. */

import * as api from "./api.js";
import { attempt, once } from "./announce.js";
import * as store from "./store.js";

const { state } = store;
const PAGE = 20;

/** Everything anew: at the start, and when the server says that events were lost.
 *
 * What an event told of while it was being fetched is newer than the answer.
 */
export async function reload() {
  const before = { ...state };
  const [rooms, notices, unread] = await Promise.all([api.rooms(), api.notifications(), api.unreadCounts()]);
  const fetched = await Promise.all(rooms.map(fetchRoom));
  const isNews = (id) => state.rooms.get(id) !== before.rooms.get(id);
  const ids = new Set(rooms.map((raw) => raw.room_id));
  [...state.rooms.keys()].filter((id) => !ids.has(id) && !isNews(id)).forEach(store.dropRoom);
  for (const { room, ...rest } of fetched) {
    putAll({ room: isNews(room.id) ? { ...room, ...state.rooms.get(room.id) } : room, ...rest });
  }
  store.set({
    unread: state.unread === before.unread ? unread : state.unread,
    isCurrent: true,
    openRoom: state.rooms.has(state.openRoom) ? state.openRoom : null,
    notifications: state.notifications.filter((one) => !before.notifications.includes(one)),
    notificationPages: { next: 2, more: Boolean(notices.next) },
  });
  store.putNotifications(notices.results);
}

/** A room that came to be, or that one was added to. */
export const learnRoom = async (id) => putAll(await fetchRoom(await api.room(id)));

/** A direct room is called by its members; of a group they are wanted once it is open. */
async function fetchRoom(raw) {
  const room = store.roomOf(raw);
  const isWanted = room.isDirect || room.id === state.openRoom;
  const [history, members] = await Promise.all([api.history(room.id), isWanted ? api.members(room.id) : null]);
  return { room, history, members };
}

function putAll({ room, history, members }) {
  store.putRoom(room);
  putLatest(room.id, history);
  if (members) putFirstMembers(room.id, members);
}

export const loadLatest = async (roomId) => putLatest(roomId, await api.history(roomId));
export const loadMembers = async (roomId) => putFirstMembers(roomId, await api.members(roomId));

/** The newest page of a room, which is the truth about it. */
function putLatest(roomId, page) {
  const messages = page.results.map(store.messageOf).reverse();
  store.replaceMessages(roomId, messages);
  store.set({ hasOlder: store.withEntry(state.hasOlder, roomId, Boolean(page.next)) });
  const latest = state.messages.get(roomId).findLast(({ status, sentAt }) => status === "sent" && sentAt);
  if (latest) store.changeRoom(roomId, { latest });
}

function putFirstMembers(roomId, page) {
  store.set({ members: store.withEntry(state.members, roomId, []) });
  store.putMembers(roomId, page.results.map(store.personOf));
  store.changeRoom(roomId, { membersCount: page.count });
}

export const loadMoreMembers = once(async (roomId) => {
  const page = await api.members(roomId, Math.floor(state.members.get(roomId).length / PAGE) + 1);
  store.putMembers(roomId, page.results.map(store.personOf));
});

/** The page before the oldest message that is here. */
export const loadOlder = once(async (roomId) => {
  const oldest = state.messages.get(roomId)?.find((message) => message.status === "sent");
  if (!oldest || !state.hasOlder.get(roomId)) return;
  const page = await api.history(roomId, oldest.id);
  store.set({ hasOlder: store.withEntry(state.hasOlder, roomId, Boolean(page.next)) });
  store.putMessages(roomId, page.results.map(store.messageOf));
});

/** Read what is before one's eyes. The server then tells all of one's devices the new counts. */
export async function readRoom(id) {
  if (!state.rooms.get(id)?.hasUnread || state.connection !== "online") return;
  store.changeRoom(id, { hasUnread: false });
  store.readNotifications((one) => one.related_object_id === id);
  await attempt(() => api.markRoomRead(id));
}
