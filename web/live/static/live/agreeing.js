/** Counts tell of reading on other devices, but not of what was read: then the marks are fetched again.
 *
 * Counts and messages come from different processes, so for a moment they may disagree.
 */

import * as api from "./api.js";
import { attempt } from "./announce.js";
import { reloadNotifications } from "./notices.js";
import * as store from "./store.js";

const { state } = store;
const A_MOMENT = 1000;
let timer = null;
let doubts = { rooms: false, notifications: false };

export function countsHaveChanged(unread) {
  // Something was read, here or elsewhere.
  doubts.rooms ||= unread.chat < state.unread.chat;
  doubts.notifications ||= unread.notifications < state.unread.notifications;
  store.set({ unread });
  clearTimeout(timer);
  timer = setTimeout(() => attempt(agree), A_MOMENT);
}

async function agree() {
  const { rooms, notifications } = doubts;
  doubts = { rooms: false, notifications: false };
  const isMarked = [...state.rooms.values()].some((room) => room.hasUnread);
  const marked = state.notifications.filter((one) => !one.is_read).length;
  if (rooms || isMarked !== state.unread.chat > 0) await reloadMarks();
  if (notifications || marked > state.unread.notifications) await reloadNotifications();
}

async function reloadMarks() {
  for (const room of await api.rooms()) store.changeRoom(room.room_id, { hasUnread: room.has_unread_messages });
}
