/** Notifications, and the bookings that most of them are about. */

import * as api from "./api.js";
import { attempt, once } from "./announce.js";
import * as store from "./store.js";

const { state } = store;

export async function readNotification(id) {
  store.readNotifications((one) => one.notification_id === id);
  await attempt(() => api.markNotificationRead(id));
}

export async function readAllNotifications() {
  store.readNotifications(() => true);
  await attempt(api.markAllNotificationsRead);
}

export const loadMoreNotifications = once(async () => {
  const { next } = state.notificationPages;
  const page = await api.notifications(next);
  store.putNotifications(page.results);
  store.set({ notificationPages: { next: next + 1, more: Boolean(page.next) } });
});

/** Fetch a booking, to show it and maybe to decide on it. */
export const loadBooking = (id) => attempt(async () => putBooking(await api.booking(id)));

/** decision: "accept" or "decline". Whoever asked hears of it by a notification. */
export async function decide(id, decision) {
  await attempt(() => api.decideBooking(id, decision));
  await loadBooking(id);
}

const putBooking = (booking) =>
  store.set({ bookings: store.withEntry(state.bookings, booking.booking_id, booking) });
