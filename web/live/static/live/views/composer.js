/** Where one writes: a text or a file, or another text for an old message. */

import { complain } from "../announce.js";
import { edit, send, sendFile, setTyping } from "../client.js";
import { h, icon } from "../dom.js";
import { say } from "../i18n.js";
import { state } from "../store.js";

// The server forgets a typist after seven silent seconds: say it again before, and end it ourselves.
const REPEAT = 4000;
const SILENCE = 3000;
const LONGEST = 10_000;

export function composer({ onSend }) {
  const field = h("textarea", {
    rows: "1", dir: "auto", placeholder: say("write"), "aria-label": say("write"),
    oninput: typed, onkeydown: keyed, onblur: () => ceaseTyping(),
  });
  const file = h("input", { type: "file", multiple: true, hidden: true, onchange: attach });
  const about = h("p", { class: "editing", hidden: true }, say("editing"), h("button", { type: "button", class: "link", onclick: stopEditing }, say("cancel")));
  const attachButton = h("button", { type: "button", class: "plain", title: say("attach"), "aria-label": say("attach"), onclick: () => file.click() }, icon("attach"));
  const button = h("button", { class: "primary round", title: say("send"), "aria-label": say("send") }, icon("send"));
  const root = h("form", { class: "composer", onsubmit: submit }, about, attachButton, file, field, button);
  let roomId = null;
  let edited = null;
  let saidAt = 0;
  let silence = null;

  function typed() {
    if (edited) return;
    state.drafts.set(roomId, field.value);
    clearTimeout(silence);
    silence = setTimeout(ceaseTyping, SILENCE);
    if (Date.now() - saidAt < REPEAT) return;
    saidAt = Date.now();
    setTyping(true);
  }

  function ceaseTyping() {
    clearTimeout(silence);
    if (saidAt) setTyping(false);
    saidAt = 0;
  }

  function keyed(event) {
    if (event.key === "Escape") stopEditing();
    // While an input method is composing, Enter ends a word, not the message.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    root.requestSubmit();
  }

  function submit(event) {
    event.preventDefault();
    const text = field.value.trim();
    if (!text) return;
    const count = [...text].length;
    if (count > LONGEST) return complain(say("tooLong", { count, longest: LONGEST }));
    ceaseTyping();
    if (edited) saveEdited(text);
    else sendNew(text);
    field.focus();
  }

  function sendNew(text) {
    send(roomId, text);
    state.drafts.delete(roomId);
    field.value = "";
    onSend();
  }

  /** What couldn't be saved stays in the field. */
  async function saveEdited(text) {
    const message = edited;
    if ((await edit(roomId, message.id, text)) && edited === message) stopEditing();
  }

  function attach() {
    for (const one of file.files) sendFile(roomId, one);
    file.value = "";
    onSend();
  }

  function startEditing(message) {
    edited = message;
    about.hidden = false;
    field.value = message.content;
    field.focus();
  }

  function stopEditing() {
    if (edited) field.value = state.drafts.get(roomId) ?? "";
    edited = null;
    about.hidden = true;
  }

  /** Another room has what was begun there. */
  function draw(id) {
    if (id === roomId) return;
    stopEditing();
    saidAt = 0;
    roomId = id;
    field.value = state.drafts.get(id) ?? "";
    if (state.openRoom && window.matchMedia("(hover: hover)").matches) field.focus();
  }

  return { root, draw, edit: startEditing };
}
