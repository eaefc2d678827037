/** One message, as its reader or its writer sees it. */

import { remove, sendAgain } from "../client.js";
import { avatar, h, icon, time, written } from "../dom.js";
import { say, timeOf, translate } from "../i18n.js";
import { me } from "../session.js";
import { dropMessage } from "../store.js";

export const dayItem = (day) => h("li", { class: "day" }, h("span", {}, day));
export const noteItem = ({ key, phrase, values }) => h("li", { class: "note", "data-key": key }, say(phrase, values));

/** isFirst: of a run by the same person. isNamed: of a group, where one has to say who. */
export function messageItem(message, { isFirst, isNamed, roomId, onEdit }) {
  const isMine = message.sender.id === me().id;
  const kind = ["message", isMine ? "mine" : "theirs", isFirst && "first", message.status].filter(Boolean).join(" ");
  return h(
    "li",
    { class: kind, "data-key": message.key },
    !isMine && (isFirst ? avatar(message.sender.id, message.sender.name) : h("span", { class: "avatar blank" })),
    h(
      "div",
      { class: "bubble" },
      written("strong", isMine ? say("you") : message.sender.name, isFirst && isNamed && !isMine ? "name" : "unseen"),
      message.isDeleted ? h("p", { class: "quiet gone" }, say("deleted")) : contentOf(message),
      h(
        "p",
        { class: "facts" },
        message.isEdited && !message.isDeleted && h("span", {}, say("edited")),
        message.sentAt && time(message.sentAt, timeOf(message.sentAt)),
        isMine && stateOf(message),
      ),
      message.status === "failed" && problemOf(message, roomId),
    ),
    isMine && message.status === "sent" && !message.isDeleted && toolsOf(message, roomId, onEdit),
  );
}

function contentOf({ content, file }) {
  if (!file) return written("p", content, "text");
  const address = fileAddress(file.url);
  const inside = file.thumbnail
    ? h("img", { src: fileAddress(file.thumbnail), alt: file.name, loading: "lazy" })
    : [icon("file"), written("span", file.name)];
  const kind = file.thumbnail ? "picture" : "file";
  return address ? h("a", { class: kind, href: address, target: "_blank", rel: "noopener" }, inside) : h("p", { class: kind }, inside);
}

/** Only what is truly an address may become a link: never javascript: or data:. */
function fileAddress(text) {
  const address = text && new URL(text, location.href);
  return address && ["http:", "https:"].includes(address.protocol) ? address.href : null;
}

const SIGNS = { sending: "○", sent: "✓", failed: "!" };

const stateOf = ({ status }) =>
  h("span", { class: "state", role: "img", "aria-label": say(status), title: say(status) }, SIGNS[status]);

const problemOf = (message, roomId) =>
  h(
    "p",
    { class: "problem" },
    written("span", message.reason ? translate(message.reason) : say("failed")),
    " ",
    !message.file && h("button", { type: "button", class: "link", onclick: () => sendAgain(roomId, message) }, say("retry")),
    h("button", { type: "button", class: "link", onclick: () => dropMessage(roomId, message.key) }, say("discard")),
  );

function toolsOf(message, roomId, onEdit) {
  const take = () => window.confirm(say("deleteAsk")) && remove(roomId, message.id);
  const tool = (name, label, onclick) =>
    h("button", { type: "button", class: "plain", title: label, "aria-label": label, onclick }, icon(name));
  return h(
    "div",
    { class: "tools" },
    !message.file && tool("edit", say("edit"), () => onEdit(message)),
    tool("remove", say("delete"), take),
  );
}
