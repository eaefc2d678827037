/** The rooms one is in, the latest active first, and people to begin a chat with. */

import { attempt } from "../announce.js";
import { findPeople } from "../client.js";
import { avatar, badge, follow, h, icon, time, written } from "../dom.js";
import { say, shortMoment, wording } from "../i18n.js";
import { me } from "../session.js";
import { partnerIn, roomsInOrder, state } from "../store.js";

const PAUSE = 250;

/** What a room is called: a direct one by the other's name. */
export const titleOf = (room) => (room.isDirect ? (partnerIn(room.id, me().id)?.name ?? "…") : room.name);

export function roomsView({ onRoom, onPerson }) {
  const total = h("span", {});
  const list = h("ul", { class: "list" });
  const hint = h("p", { class: "quiet hint" });
  const found = h("ul", { class: "list" });
  const foundTitle = h("h3", { hidden: true }, say("people"));
  const search = h("input", { type: "search", placeholder: say("search"), "aria-label": say("search"), oninput: look, dir: "auto" });
  let people = [];
  let lookedFor = ""; // What people were found for.
  let timer = null;

  function look() {
    clearTimeout(timer);
    timer = setTimeout(() => attempt(find), PAUSE);
    draw(state);
  }

  async function find() {
    const words = search.value.trim();
    const answer = words ? await findPeople(words) : [];
    // Meanwhile other words may have been typed.
    if (words === search.value.trim()) [people, lookedFor] = [answer, words];
    draw(state);
  }

  function choose(action) {
    search.value = "";
    people = [];
    action();
    draw(state);
  }

  function draw(now) {
    const words = search.value.trim();
    const shown = roomsInOrder().filter((room) => titleOf(room).toLowerCase().includes(words.toLowerCase()));
    total.replaceChildren(badge(now.unread.chat, say("unread")) || "");
    hint.textContent = shown.length + people.length > 0 ? "" : hintOf(now, words);
    follow(list, shown.map((room) => ({ key: room.id, facts: factsOf(room, now) })), item);
    foundTitle.hidden = people.length === 0;
    follow(found, people.map((one) => ({ key: one.id, facts: [one, now.online.has(one.id)] })), person);
  }

  function hintOf(now, words) {
    if (words) return words === lookedFor ? say("nothingFound") : "";
    return say(now.isCurrent ? "noChats" : "loading");
  }

  const item = (room, title, partnerId, isOnline, isOpen) =>
    h("li", {}, roomButton({ room, title, partnerId, isOnline, isOpen }, () => choose(() => onRoom(room.id))));

  const person = (one, isOnline) =>
    h(
      "li",
      {},
      h(
        "button",
        { type: "button", class: "row", onclick: () => choose(() => onPerson(one.id)) },
        avatar(one.id, one.name, isOnline),
        h("span", { class: "grow" }, written("strong", one.name), h("span", { class: "quiet" }, say(one.role))),
      ),
    );

  const root = h(
    "nav",
    { class: "column rooms", "aria-label": say("chats") },
    h("h2", {}, say("chats"), total),
    h("div", { class: "search", role: "search" }, search),
    h("div", { class: "scroll" }, list, foundTitle, found, hint),
  );
  return { root, draw };
}

/** All that a room's line shows. */
function factsOf(room, now) {
  const partner = room.isDirect ? partnerIn(room.id, me().id) : null;
  return [room, titleOf(room), partner?.id, now.online.has(partner?.id), now.openRoom === room.id, wording()];
}

function roomButton({ room, title, partnerId, isOnline, isOpen }, open) {
  const { latest } = room;
  return h(
    "button",
    { type: "button", class: room.hasUnread ? "row unread" : "row", "aria-current": isOpen && "true", onclick: open },
    room.isDirect ? avatar(partnerId ?? room.id, title, isOnline) : h("span", { class: "avatar group" }, icon("people")),
    h(
      "span",
      { class: "grow" },
      h("span", { class: "line" }, written("strong", title), latest && time(latest.sentAt, shortMoment(latest.sentAt))),
      room.isDirect && h("span", { class: "unseen" }, say(isOnline ? "online" : "offlinePerson")),
      h(
        "span",
        { class: "line" },
        written("span", latest ? previewOf(latest, room) : "", "preview quiet"),
        room.hasUnread && h("span", { class: "mark", role: "img", "aria-label": say("unread") }),
      ),
    ),
  );
}

function previewOf({ sender, content, file, isDeleted }, room) {
  const text = isDeleted ? say("deleted") : (file?.name ?? content);
  if (sender.id === me().id) return say("said", { name: say("you"), text });
  return room.isDirect ? text : say("said", { name: sender.name, text });
}
