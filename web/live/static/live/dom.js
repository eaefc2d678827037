/** Making elements. Text only ever becomes text: nothing here parses HTML. */

/** An element: h("button", { class: "plain", onclick: go }, "Go"). null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child != null && child !== false));
  return element;
}

const followed = new WeakMap();

/** Let an element's children follow a list of { key, facts }.
 *
 * build(...facts) makes a child; one whose facts are the same as before stays as it is, with its
 * focus, its selection and its loaded pictures.
 */
export function follow(parent, items, build) {
  const before = followed.get(parent) ?? new Map();
  const after = new Map();
  for (const { key, facts } of items) {
    const old = before.get(key);
    const isSame = old && facts.every((fact, index) => fact === old.facts[index]);
    after.set(key, isSame ? old : { facts, node: build(...facts), replaced: old?.node });
  }
  for (const [key, { node }] of before) if (!after.has(key)) node.remove();
  let place = 0;
  for (const entry of after.values()) {
    if (entry.replaced) exchange(entry.replaced, entry.node);
    delete entry.replaced;
    if (parent.children[place] !== entry.node) parent.insertBefore(entry.node, parent.children[place] ?? null);
    place += 1;
  }
  followed.set(parent, after);
}

/** Put an element into another's place; the focus stays where it was. */
function exchange(old, fresh) {
  const focusable = "button, a, input, textarea";
  const index = [old, ...old.querySelectorAll(focusable)].indexOf(document.activeElement);
  old.replaceWith(fresh);
  if (index >= 0) [fresh, ...fresh.querySelectorAll(focusable)][index]?.focus();
}

/** Initials in a circle whose colour is always the same for the same id. */
export function avatar(id, name, isOnline = null) {
  const tone = [...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 6;
  const letters = name.trim().split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("");
  const dot = isOnline === null ? null : h("span", { class: isOnline ? "dot online" : "dot" });
  return h("span", { class: `avatar tone-${tone}`, "aria-hidden": "true" }, h("span", { dir: "auto" }, letters.toUpperCase()), dot);
}

/** A name or a text alone may run the other way than the page. */
export const written = (tag, text, kind) => h(tag, { dir: "auto", class: kind }, text);

export const badge = (count, label) =>
  count > 0 && h("span", { class: "badge", role: "img", "aria-label": `${label}: ${count}` }, count > 99 ? "99+" : String(count));

/** A moment for people, and for machines. */
export const time = (moment, text) => h("time", { datetime: moment }, text);

const SHAPES = {
  attach: "M21 11.5 12.5 20a5.5 5.5 0 0 1-8-8L13 3.6a3.7 3.7 0 0 1 5.3 5.3L9.9 17.3a1.8 1.8 0 0 1-2.6-2.6l7.7-7.7",
  back: "m15 5-7 7 7 7",
  bell: "M6 9a6 6 0 1 1 12 0c0 6 2.5 7 2.5 7h-17S6 15 6 9M10 20a2.2 2.2 0 0 0 4 0",
  chat: "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z",
  down: "m6 9 6 6 6-6",
  edit: "M4 20h4L19.5 8.5l-4-4L4 16zM13 7l4 4",
  file: "M14 3H6v18h12V7zM14 3v4h4",
  leave: "M10 4H5v16h5M15 8l4 4-4 4M19 12H9",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M2.5 20a6.5 6.5 0 0 1 13 0M16 4.5a3.5 3.5 0 0 1 0 6M18 14a6 6 0 0 1 3.5 6",
  remove: "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13",
  send: "M4 12 20 4l-5 16-3.5-6.5z",
};

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}
