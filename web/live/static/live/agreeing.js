/** Counts tell of reading on other devices, but not of what was read: then the marks are fetched again.
 *
 * Counts and messages come from different processes, so for a moment they may disagree.
 */

import * as api from "./api.js";
import { attempt } from "./announce.js";
import * as store from "./store.js";

const { state } = store;
const A_MOMENT = 1000;
let timer = null;

export function agreeSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => attempt(agree), A_MOMENT);
}

async function agree() {
  const isMarked = [...state.rooms.values()].some((room) => room.hasUnread);
  if (isMarked !== state.unread.chat > 0) await fetchRooms();
  const marked = state.notifications.filter((one) => !one.is_read).length;
  if (marked > state.unread.notifications) await fetchNotifications();
}

async function fetchRooms() {
  for (const room of await api.rooms()) store.changeRoom(room.room_id, { hasUnread: room.has_unread_messages });
}

async function fetchNotifications() {
  store.putNotifications((await api.notifications()).results);
}
