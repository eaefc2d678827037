/** The page around its three columns; a smaller screen shows two or one of them at a time. */

import { directRoom, openRoom } from "../client.js";
import { avatar, badge, follow, h, icon, written } from "../dom.js";
import { say } from "../i18n.js";
import { readRoom } from "../rooms.js";
import { goHome, goTo, place } from "../route.js";
import { me } from "../session.js";
import { state } from "../store.js";
import { conversationView } from "./conversation.js";
import { languagePicker } from "./language.js";
import { roomsView } from "./rooms.js";
import { sideView } from "./side.js";

const PHONE = window.matchMedia("(max-width: 44rem)");

export function shellView({ onSignOut, onLanguage }) {
  const showRoom = (id) => goTo("room", id);
  const showPerson = async (id) => {
    const roomId = await directRoom(id);
    if (roomId) showRoom(roomId);
  };
  // What a phone doesn't show isn't open.
  const showRooms = () => (PHONE.matches || !state.openRoom ? goTo("rooms") : showRoom(state.openRoom));
  const showSide = (panel) => {
    side.show(panel);
    goTo("side", state.openRoom);
  };
  const showNotifications = () => showSide("notifications");
  const rooms = roomsView({ onRoom: showRoom, onPerson: showPerson });
  const side = sideView({ onRoom: showRoom, onPerson: showPerson });
  const conversation = conversationView({ onBack: showRooms, onMembers: () => showSide("members") });
  const status = h("p", { class: "status", role: "status" });
  const tabs = h("nav", { class: "tabs" });
  const root = h(
    "div",
    { class: "shell" },
    bar({ status, onSignOut, onLanguage }),
    rooms.root,
    conversation.root,
    side.root,
    tabs,
  );

  /** To where the address says. */
  function move() {
    const { column, roomId } = place();
    root.dataset.column = column;
    openRoom(roomId);
    draw(state);
  }

  function draw(now) {
    const { roomId } = place();
    if (roomId && now.isCurrent && !now.rooms.has(roomId)) {
      goHome();
      return move();
    }
    status.textContent = now.connection === "online" ? "" : say(now.connection);
    root.classList.toggle("away", now.connection !== "online");
    const { chat, notifications } = now.unread;
    document.title = chat ? `(${chat}) My Accountant` : "My Accountant";
    const items = [
      { key: "rooms", facts: ["chat", say("chats"), chat, showRooms] },
      { key: "side", facts: ["bell", say("notifications"), notifications, showNotifications] },
    ];
    follow(tabs, items, tab);
    [rooms, conversation, side].forEach((view) => view.draw(now));
    // What is in sight is read.
    if (!document.hidden && conversation.root.checkVisibility()) readRoom(now.openRoom);
  }

  const tab = (shape, label, count, onclick) =>
    h("button", { type: "button", onclick }, icon(shape), label, badge(count, say("unread")));

  return { root, draw, move };
}

function bar({ status, onSignOut, onLanguage }) {
  const { id, name, role } = me();
  return h(
    "header",
    { class: "bar" },
    h("h1", {}, "My Accountant"),
    status,
    languagePicker(onLanguage),
    h("span", { class: "me" }, avatar(id, name), written("strong", name), h("span", { class: "quiet" }, say(role))),
    h("button", { type: "button", class: "plain", title: say("signOut"), "aria-label": say("signOut"), onclick: onSignOut }, icon("leave")),
  );
}
