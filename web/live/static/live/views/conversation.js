/** The room that is open: who is there, what was said, who is typing, and what one says. */

import { follow, h, icon, written } from "../dom.js";
import { dayOf, language, say } from "../i18n.js";
import { loadOlder } from "../rooms.js";
import { me } from "../session.js";
import { partnerIn, state } from "../store.js";
import { composer } from "./composer.js";
import { dayItem, messageItem, noteItem } from "./message.js";
import { titleOf } from "./rooms.js";

const NEAR = 80;
const SAME_BREATH = 5 * 60 * 1000;

export function conversationView({ onBack, onMembers }) {
  const title = h("h2", { dir: "auto" });
  const presence = h("p", { class: "quiet" });
  const typing = h("p", { class: "typing", "aria-live": "polite" });
  const list = h("ol", { class: "messages" });
  const empty = h("p", { class: "quiet hint" }, say("noMessages"));
  const log = h("div", { class: "scroll log", tabindex: "0", onscroll: scrolled }, list, empty);
  const toBottom = h("button", { type: "button", class: "to-bottom", "aria-label": say("toBottom"), onclick: goDown, hidden: true }, icon("down"));
  const words = composer();
  const room = h(
    "div",
    { class: "room" },
    h(
      "header",
      { class: "head" },
      h("button", { type: "button", class: "plain back", "aria-label": say("back"), onclick: onBack }, icon("back")),
      h("div", { class: "grow" }, title, presence),
      h("button", { type: "button", class: "plain", title: say("members"), "aria-label": say("members"), onclick: onMembers }, icon("people")),
    ),
    log,
    toBottom,
    typing,
    words.root,
  );
  const nothing = h("p", { class: "quiet hint middle" }, icon("chat"), say("pickRoom"));
  const root = h("main", { class: "column conversation" }, room, nothing);
  let shownRoom = null;

  function goDown() {
    log.scrollTop = log.scrollHeight;
  }

  function scrolled() {
    toBottom.hidden = isAtEnd(log);
    if (log.scrollTop < NEAR) loadOlder(shownRoom);
  }

  function draw(now) {
    const open = now.rooms.get(now.openRoom);
    room.hidden = !open;
    nothing.hidden = Boolean(open);
    if (!open) return void (shownRoom = null);
    const messages = now.messages.get(open.id) ?? [];
    title.textContent = titleOf(open);
    log.setAttribute("aria-label", title.textContent);
    presence.textContent = presenceOf(open, now);
    const names = [...(now.typing.get(open.id)?.values() ?? [])].join(", ");
    typing.textContent = names && say("typing", { names });
    empty.hidden = messages.length > 0;
    words.draw(open.id);
    const isNew = shownRoom !== open.id;
    shownRoom = open.id;
    keepPlace(log, isNew, () => follow(list, itemsOf(messages), build));
    // A page that doesn't fill the column can't be scrolled for more.
    if (messages.length && log.scrollHeight <= log.clientHeight) loadOlder(open.id);
  }

  const build = (kind, value, ...more) => {
    if (kind === "day") return dayItem(value);
    if (kind === "note") return noteItem(value);
    return messageItem(value, ...more, { roomId: state.openRoom, onEdit: words.edit });
  };

  return { root, draw };
}

/** Messages with a line for each new day; the first of a run by one person has their name. */
function itemsOf(messages) {
  const items = [];
  let before = null;
  for (const message of messages) {
    const day = dayOf(message.sentAt || new Date());
    if (day !== (before && dayOf(before.sentAt || new Date()))) items.push({ key: day, facts: ["day", day] });
    if (message.status === "note") items.push({ key: message.key, facts: ["note", message.text] });
    else items.push({ key: message.key, facts: ["message", message, !isSameRun(before, message), language()] });
    before = message;
  }
  return items;
}

const isSameRun = (before, message) =>
  before?.sender?.id === message.sender.id && new Date(message.sentAt || Date.now()) - new Date(before.sentAt || Date.now()) < SAME_BREATH;

const isAtEnd = (log) => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;

/** Whoever is at the end stays there; for others what they look at doesn't move. */
function keepPlace(log, isNew, change) {
  const stay = isNew || isAtEnd(log);
  const first = log.querySelector("li[data-key]");
  const place = first?.offsetTop ?? 0;
  change();
  if (stay) log.scrollTop = log.scrollHeight;
  else if (first?.isConnected) log.scrollTop += first.offsetTop - place;
}

function presenceOf(room, now) {
  const members = now.members.get(room.id) ?? [];
  const isOnline = ({ id }) => id === me().id || now.online.has(id);
  if (!room.isDirect) return say("onlineCount", { count: members.filter(isOnline).length, all: room.membersCount });
  return say(now.online.has(partnerIn(room.id, me().id)?.id) ? "online" : "offlinePerson");
}
