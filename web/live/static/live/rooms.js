/** Bringing rooms and what was said in them into the store. */

import * as api from "./api.js";
import { attempt, once } from "./announce.js";
import * as store from "./store.js";

const { state } = store;

/** Everything anew: at the start, and when the server says that events were lost. */
export async function reload() {
  const [rooms, notices, unread] = await Promise.all([api.rooms(), api.notifications(), api.unreadCounts()]);
  const known = rooms.map((raw) => ({ ...store.roomOf(raw), latest: state.rooms.get(raw.room_id)?.latest ?? null }));
  store.set({
    unread,
    rooms: new Map(known.map((room) => [room.id, room])),
    openRoom: known.some(({ id }) => id === state.openRoom) ? state.openRoom : null,
    notifications: [],
    notificationPages: { next: 2, more: Boolean(notices.next) },
  });
  store.putNotifications(notices.results);
  // A direct room is called by its members; of a group they are wanted once it is open.
  const named = known.filter(({ id, isDirect }) => isDirect || id === state.openRoom);
  await Promise.all([...known.map(({ id }) => loadLatest(id)), ...named.map(({ id }) => loadMembers(id))]);
}

/** A room that came to be, or that one was added to. */
export async function learnRoom(id) {
  store.putRoom(store.roomOf(await api.room(id)));
  await Promise.all([loadLatest(id), loadMembers(id)]);
}

/** The newest page of a room, which is the truth about it. */
export async function loadLatest(roomId) {
  const page = await api.history(roomId);
  const messages = page.results.map(store.messageOf).reverse();
  store.replaceMessages(roomId, messages);
  store.set({ hasOlder: store.withEntry(state.hasOlder, roomId, Boolean(page.next)) });
  if (messages.length) store.changeRoom(roomId, { latest: messages.at(-1) });
}

/** The first of a room's members by name; of a large room not all. */
export async function loadMembers(roomId) {
  const page = await api.members(roomId);
  store.set({ members: store.withEntry(state.members, roomId, page.results.map(store.personOf)) });
  store.changeRoom(roomId, { membersCount: page.count });
}

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
  if (id !== state.openRoom || document.hidden || !state.rooms.get(id)?.hasUnread) return;
  store.changeRoom(id, { hasUnread: false });
  store.readNotifications((one) => one.related_object_id === id);
  await attempt(() => api.markRoomRead(id));
}
