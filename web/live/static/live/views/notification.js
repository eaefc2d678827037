/** One notification; one about a booking unfolds it. */

import { h, time, written } from "../dom.js";
import { say, shortMoment } from "../i18n.js";
import { accept, decline, dropBooking, loadBooking, readNotification, sentenceOf } from "../notices.js";
import { me } from "../session.js";

export function notificationItem(one, booking, onRoom) {
  const { notification_id: id, notification_type: type, related_object_id: about, is_read: isRead } = one;
  const open = () => {
    if (!isRead) readNotification(id);
    if (type === "message") onRoom(about);
    else if (booking) dropBooking(about);
    else loadBooking(about);
  };
  return h(
    "li",
    { class: "notification" },
    h(
      "button",
      { type: "button", class: isRead ? "row" : "row unread", onclick: open, "aria-expanded": type !== "message" && String(Boolean(booking)) },
      h(
        "span",
        { class: "grow" },
        h("span", { class: "line" }, h("strong", {}, say(type)), time(one.created_at, shortMoment(one.created_at))),
        h(
          "span",
          { class: "line" },
          h("span", { class: "quiet" }, sentenceOf(one)),
          !isRead && h("span", { class: "mark", role: "img", "aria-label": say("unread") }),
        ),
      ),
    ),
    booking && bookingCard(booking),
  );
}

/** The owner of a service decides on what is asked of it. */
function bookingCard(booking) {
  const { booking_id: id, service, status } = booking;
  const isOpen = status === "pending" && service.user.pk === me().id;
  return h(
    "div",
    { class: "booking" },
    written("strong", service.title),
    h("span", { class: `pill ${status}` }, say(status)),
    booking.additional_notes && written("p", booking.additional_notes, "quiet"),
    isOpen &&
      h(
        "p",
        { class: "line" },
        h("button", { type: "button", class: "primary", onclick: () => accept(id) }, say("accept")),
        h("button", { type: "button", onclick: () => decline(id) }, say("decline")),
      ),
  );
}
