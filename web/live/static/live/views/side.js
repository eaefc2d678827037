/** The third column: notifications, or who is in the room. */

import { avatar, badge, follow, h, written } from "../dom.js";
import { say, wording } from "../i18n.js";
import { loadMoreNotifications, newestOfEachRoom, readAllNotifications } from "../notices.js";
import { loadMoreMembers } from "../rooms.js";
import { me } from "../session.js";
import { state } from "../store.js";
import { notificationItem } from "./notification.js";

export function sideView({ onRoom, onPerson }) {
  const notices = h("ul", { class: "list", "aria-label": say("notifications") });
  const members = h("ul", { class: "list", "aria-label": say("members") });
  const empty = h("p", { class: "quiet hint" }, say("noNotifications"));
  const link = (label, onclick) => h("button", { type: "button", class: "link", onclick }, label);
  const all = link(say("markAll"), readAllNotifications);
  const more = link(say("more"), () => loadMoreNotifications());
  const moreMembers = link(say("more"), () => loadMoreMembers(state.openRoom));
  const panels = {
    notifications: h("div", { id: "panel-notifications", role: "tabpanel", "aria-label": say("notifications"), class: "scroll" }, all, notices, empty, more),
    members: h("div", { id: "panel-members", role: "tabpanel", "aria-label": say("members"), class: "scroll" }, members, moreMembers),
  };
  const count = h("span", {});
  const tabs = {
    notifications: tab("notifications", say("notifications"), count),
    members: tab("members", say("members")),
  };
  const head = h("div", { class: "switch", role: "tablist", onkeydown: arrow }, Object.values(tabs));
  const root = h("aside", { class: "column side" }, head, Object.values(panels));

  function tab(name, ...content) {
    return h("button", { type: "button", role: "tab", "aria-controls": `panel-${name}`, onclick: () => show(name) }, content);
  }

  function show(chosen) {
    for (const name of Object.keys(tabs)) {
      tabs[name].setAttribute("aria-selected", String(name === chosen));
      tabs[name].tabIndex = name === chosen ? 0 : -1;
      panels[name].hidden = name !== chosen;
    }
  }

  function arrow({ key }) {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return;
    const other = tabs.members.tabIndex === 0 ? "notifications" : "members";
    show(other);
    tabs[other].focus();
  }

  function draw(now) {
    count.replaceChildren(badge(now.unread.notifications, say("unread")) || "");
    all.hidden = now.unread.notifications === 0;
    more.hidden = !now.notificationPages.more;
    empty.hidden = now.notifications.length > 0 || !now.isCurrent;
    const shown = newestOfEachRoom(now.notifications).map((one) => itemOf(one, now));
    follow(notices, shown, (one, booking) => notificationItem(one, booking, onRoom));
    const people = now.members.get(now.openRoom) ?? [];
    const isOnline = (id) => id === me().id || now.online.has(id);
    follow(members, people.map((one) => ({ key: one.id, facts: [one, isOnline(one.id), wording()] })), member);
    moreMembers.hidden = people.length >= (now.rooms.get(now.openRoom)?.membersCount ?? 0);
    tabs.members.disabled = !now.openRoom;
    if (!now.openRoom) show("notifications");
  }

  const itemOf = (one, now) => ({
    key: one.notification_id,
    // Of a message's room the sentence has the name.
    facts: [one, now.bookings.get(one.related_object_id), now.rooms.get(one.related_object_id)?.name, wording()],
  });

  const member = (one, isOnline) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "row", disabled: one.id === me().id, onclick: () => onPerson(one.id) },
        avatar(one.id, one.name, isOnline),
        h("span", { class: "grow" }, written("strong", one.name), h("span", { class: "quiet" }, say(one.role))),
        h("span", { class: "quiet" }, say(isOnline ? "online" : "offlinePerson")),
      ),
    );

  show("notifications");
  draw(state);
  return { root, draw, show };
}
