/** Notifications, and the bookings that most of them are about. */

import * as api from "./api.js";
import { attempt, once } from "./announce.js";
import { say, translate } from "./i18n.js";
import * as store from "./store.js";

const { state } = store;
const FROM = "New message from ";

export async function readNotification(id) {
  store.readNotifications((one) => one.notification_id === id);
  await attempt(() => api.markNotificationRead(id));
}

export async function readAllNotifications() {
  store.readNotifications(() => true);
  await attempt(api.markAllNotificationsRead);
}

/** The next page, and more of them where they show nothing new. */
export const loadMoreNotifications = once(async () => {
  const shown = newestOfEachRoom(state.notifications).length;
  do {
    const { next } = state.notificationPages;
    const page = await api.notifications(next);
    store.putNotifications(page.results);
    store.set({ notificationPages: { next: next + 1, more: Boolean(page.next) } });
  } while (state.notificationPages.more && newestOfEachRoom(state.notifications).length === shown);
});

/** What is here already, as it is now. */
export async function reloadNotifications() {
  for (let page = 1; page < state.notificationPages.next; page += 1) {
    store.putNotifications((await api.notifications(page)).results);
  }
}

/** Twenty messages of one room are one piece of news: its newest stands for them. */
export function newestOfEachRoom(notifications) {
  const rooms = new Set();
  return notifications.filter(({ notification_type: type, related_object_id: about }) => {
    const isRepeated = type === "message" && rooms.has(about);
    rooms.add(about);
    return !isRepeated;
  });
}

/** A notification in the language of the page: the server's own sentences are English. */
export function sentenceOf({ notification_type: type, title, message, related_object_id: about }) {
  if (type !== "message") return translate(message);
  const name = title.slice(FROM.length);
  const room = state.rooms.get(about)?.name;
  const [alone, inRoom] = [`${name}: `, `${name} in ${room}: `];
  if (message.startsWith(inRoom)) return say("saidIn", { name, room, text: message.slice(inRoom.length) });
  return message.startsWith(alone) ? say("said", { name, text: message.slice(alone.length) }) : message;
}

/** Fetch a booking, to show it and maybe to decide on it. */
export const loadBooking = (id) => attempt(async () => putBooking(await api.booking(id)));

/** Put it away again. */
export const dropBooking = (id) => store.set({ bookings: store.withEntry(state.bookings, id, undefined) });

export const accept = once((id) => decide(id, "accept"));
export const decline = once((id) => decide(id, "decline"));

/** Whoever asked hears of it by a notification. */
async function decide(id, decision) {
  await attempt(() => api.decideBooking(id, decision));
  await loadBooking(id);
}

const putBooking = (booking) =>
  store.set({ bookings: store.withEntry(state.bookings, booking.booking_id, booking) });
