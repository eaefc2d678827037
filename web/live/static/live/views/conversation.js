/** The room that is open: who is there, what was said, who is typing, and what one says. */

import { follow, h, icon } from "../dom.js";
import { dayOf, listOf, say, wording } from "../i18n.js";
import { loadOlder } from "../rooms.js";
import { me } from "../session.js";
import { partnerIn } from "../store.js";
import { composer } from "./composer.js";
import { dayItem, messageItem, noteItem } from "./message.js";
import { placeKeeper } from "./place.js";
import { titleOf } from "./rooms.js";

const NEAR_TOP = 80;
const SAME_BREATH = 5 * 60 * 1000;

export function conversationView({ onBack, onMembers }) {
  const title = h("h2", { dir: "auto" });
  const presence = h("p", { class: "quiet" });
  const typing = h("p", { class: "typing", "aria-live": "polite" });
  const list = h("ol", { class: "messages" });
  const hint = h("p", { class: "quiet hint" });
  const log = h("div", { class: "scroll log", role: "log", "aria-live": "off", tabindex: "0", onscroll: scrolled }, list, hint);
  const keeper = placeKeeper(log);
  const toBottom = h("button", { type: "button", class: "to-bottom", "aria-label": say("toBottom"), onclick: keeper.toEnd, hidden: true }, icon("down"));
  const words = composer({ onSend: keeper.toEnd });
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
    h("div", { class: "below" }, toBottom, typing),
    words.root,
  );
  const nothing = h("p", { class: "quiet hint middle" }, icon("chat"), say("pickRoom"));
  const root = h("main", { class: "column conversation" }, room, nothing);
  let shownRoom = null;

  function scrolled() {
    toBottom.hidden = keeper.isAtEnd();
    fill();
  }

  /** Whoever looks at the oldest message, or at a log that can't be scrolled, is shown older ones. */
  function fill() {
    if (shownRoom && log.checkVisibility() && log.scrollTop < NEAR_TOP) loadOlder(shownRoom);
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
    typing.textContent = now.connection === "online" ? typingOf(now.typing.get(open.id)) : "";
    hint.textContent = messages.length === 0 && now.hasOlder.has(open.id) ? say("noMessages") : "";
    words.draw(open.id);
    const isNew = shownRoom !== open.id;
    shownRoom = open.id;
    keeper.keep(isNew, () => follow(list, itemsOf(messages, open), build));
    requestAnimationFrame(fill);
  }

  const build = (kind, value, isFirst, isNamed) => {
    if (kind === "day") return dayItem(value);
    if (kind === "note") return noteItem(value);
    return messageItem(value, { isFirst, isNamed, roomId: shownRoom, onEdit: words.edit });
  };

  return { root, draw };
}

/** Messages with a line for each new day; the first of a run by one person has their face, in a group their name. */
function itemsOf(messages, room) {
  const items = [];
  let before = null;
  for (const message of messages) {
    const day = dayOf(momentOf(message));
    if (!before || day !== dayOf(momentOf(before))) items.push({ key: day, facts: ["day", day] });
    const kind = message.status === "note" ? "note" : "message";
    items.push({ key: message.key, facts: [kind, message, !isSameRun(before, message), !room.isDirect, wording()] });
    before = message;
  }
  return items;
}

/** What isn't stored yet is of now. */
const momentOf = (message) => message.sentAt || Date.now();

const isSameRun = (before, message) =>
  before?.sender && before.sender.id === message.sender?.id && new Date(momentOf(message)) - new Date(momentOf(before)) < SAME_BREATH;

function typingOf(typists) {
  const names = [...(typists?.values() ?? [])];
  return names.length ? say(names.length > 1 ? "typingMany" : "typing", { names: listOf(names) }) : "";
}

/** Nobody can say who is online while we aren't; nor of a large room before all its members are known. */
function presenceOf(room, now) {
  if (now.connection !== "online") return "";
  if (room.isDirect) return say(now.online.has(partnerIn(room.id, me().id)?.id) ? "online" : "offlinePerson");
  const members = now.members.get(room.id) ?? [];
  const all = room.membersCount;
  if (members.length < all) return say("membersCount", { all });
  const isOnline = ({ id }) => id === me().id || now.online.has(id);
  return say("onlineCount", { count: members.filter(isOnline).length, all });
}
