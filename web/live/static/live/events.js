/** What each event of the socket does. The protocol is at /asyncapi/. */

import { countsHaveChanged } from "./agreeing.js";
import { announce, attempt, complain } from "./announce.js";
import { say } from "./i18n.js";
import { loadBooking, sentenceOf } from "./notices.js";
import * as rooms from "./rooms.js";
import { me } from "./session.js";
import * as store from "./store.js";

const { state } = store;
// The server ends a silent typist after seven seconds; this is for when we miss that.
const LONGEST_TYPING = 8000;
const typingTimers = new Map();

const handlers = {
  chat_message({ message }) {
    const { room_id: roomId } = message;
    const said = store.messageOf(message);
    const { sender, content, file } = said;
    store.putMessages(roomId, [said]);
    store.setTyping(roomId, sender.id, undefined);
    if (roomId === state.openRoom && sender.id !== me().id) announce(`${sender.name}: ${file?.name ?? content}`);
  },

  async room_list_update({ room_id: id, room_name: name, has_unread: hasUnread, latest_message: latest }) {
    if (!state.rooms.has(id)) await rooms.learnRoom(id);
    store.changeRoom(id, { name, hasUnread, latest: store.messageOf(latest) });
  },

  message_edited({ room_id: roomId, message_id: id, content }) {
    store.changeMessage(roomId, id, { content, isEdited: true });
  },

  message_deleted({ room_id: roomId, message_id: id }) {
    store.changeMessage(roomId, id, store.DELETED);
  },

  file_rejected({ room_id: roomId, message_id: id, reason }) {
    if (roomId) store.changeMessage(roomId, id, { status: "failed", reason });
  },

  typing_indicator({ room_id: roomId, user_id: userId, user, is_typing: isTyping }) {
    const key = `${roomId} ${userId}`;
    clearTimeout(typingTimers.get(key));
    store.setTyping(roomId, userId, isTyping ? user : undefined);
    const end = () => store.setTyping(roomId, userId, undefined);
    if (isTyping) typingTimers.set(key, setTimeout(end, LONGEST_TYPING));
  },

  presence_snapshot({ online }) {
    store.set({ online: new Set(online) });
  },

  user_status_changed({ user_id: id, status }) {
    store.setOnline(id, status === "online");
  },

  async member_added({ room_id: roomId, user_id: userId, full_name: name, added_by_name: by }) {
    if (userId === me().id) await rooms.learnRoom(roomId);
    else await rooms.loadMembers(roomId);
    if (state.rooms.has(roomId)) store.putNote(roomId, "wasAdded", { name, by });
  },

  async member_removed({ room_id: roomId, user_id: userId, full_name: name, removed_by_name: by }) {
    if (userId === me().id) return leave(roomId, "youWereRemoved");
    await rooms.loadMembers(roomId);
    if (state.rooms.has(roomId)) store.putNote(roomId, "wasRemoved", { name, by });
  },

  room_deleted({ room_id: roomId }) {
    leave(roomId, "roomWasDeleted");
  },

  new_notification({ type, event_id, ...notification }) {
    const { notification_type: kind, related_object_id: about } = notification;
    store.putNotifications([notification]);
    // A decision is news of a booking that may be on the page.
    if (state.bookings.has(about)) loadBooking(about);
    if (kind !== "message") announce(sentenceOf(notification));
  },

  unread_update({ chat_unread: chat, notifications_unread: notifications }) {
    countsHaveChanged({ chat, notifications });
  },
};

/** Do what an event says; a kind that is news to us is no concern of ours. */
export function carryOut(event) {
  const handler = Object.hasOwn(handlers, event.type) ? handlers[event.type] : null;
  if (handler) attempt(async () => handler(event));
}

function leave(roomId, why) {
  const { name } = state.rooms.get(roomId) ?? {};
  store.dropRoom(roomId);
  if (name) complain(say(why, { name }));
}
