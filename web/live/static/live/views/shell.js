/** The page around its three columns; a phone shows one of them at a time. */

import { setTyping, openRoom, openDirect } from "../client.js";
import { avatar, badge, follow, h, icon, written } from "../dom.js";
import { say } from "../i18n.js";
import { readRoom } from "../rooms.js";
import { me } from "../session.js";
import { state } from "../store.js";
import { conversationView } from "./conversation.js";
import { languagePicker } from "./language.js";
import { roomsView } from "./rooms.js";
import { sideView } from "./side.js";

const PHONE = window.matchMedia("(max-width: 44rem)");

export function shellView({ onSignOut, onLanguage }) {
  const goTo = (column) => {
    root.dataset.column = column;
    // What a phone doesn't show isn't read.
    if (column === "rooms" && PHONE.matches) openRoom(null);
  };
  const showRoom = (id) => {
    goTo("room");
    openRoom(id);
  };
  const showPerson = async (id) => {
    await openDirect(id);
    goTo("room");
  };
  const rooms = roomsView({ onRoom: showRoom, onPerson: showPerson });
  const side = sideView({ onRoom: showRoom, onPerson: showPerson });
  const conversation = conversationView({
    onBack: () => goTo("rooms"),
    onMembers: () => {
      side.show("members");
      goTo("side");
    },
  });
  const status = h("p", { class: "status", role: "status" });
  const tabs = h("nav", { class: "tabs" });
  const root = h(
    "div",
    { class: "shell", "data-column": state.openRoom ? "room" : "rooms" },
    bar({ status, onSignOut, onLanguage }),
    rooms.root,
    conversation.root,
    side.root,
    tabs,
  );

  function draw(now) {
    status.textContent = now.connection === "online" ? "" : say(now.connection);
    root.classList.toggle("away", now.connection !== "online");
    const { chat, notifications } = now.unread;
    document.title = chat ? `(${chat}) My Accountant` : "My Accountant";
    const items = [
      { key: "rooms", facts: ["rooms", "chat", say("chats"), chat] },
      { key: "side", facts: ["side", "bell", say("notifications"), notifications] },
    ];
    follow(tabs, items, tab);
    [rooms, conversation, side].forEach((view) => view.draw(now));
  }

  function tab(column, shape, label, count) {
    const go = () => {
      if (column === "side") side.show("notifications");
      goTo(column);
    };
    return h("button", { type: "button", onclick: go }, icon(shape), label, badge(count, say("unread")));
  }

  return { root, draw };
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

// Whoever comes back to the page reads what came meanwhile; whoever leaves it types no more.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) setTyping(false);
  else readRoom(state.openRoom);
});
