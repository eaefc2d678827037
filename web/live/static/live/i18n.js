/** The page's words in Arabic, French and English, and how they run. */

import problems from "./problems.js";
import words from "./words.js";

export const LANGUAGES = { ar: "العربية", fr: "Français", en: "English" };
const LOCALES = { ar: "ar-DZ", fr: "fr-DZ", en: "en-GB" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const KEY = "language";

let current = pick([localStorage.getItem(KEY), ...navigator.languages]);
applyTo(document.documentElement);

export const language = () => current;

export function setLanguage(code) {
  current = code;
  localStorage.setItem(KEY, code);
  applyTo(document.documentElement);
}

/** A phrase, with its {names} filled in. */
export function say(phrase, values = {}) {
  const index = Object.keys(LANGUAGES).indexOf(current);
  return words[phrase][index].replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** What the server said of a refusal; as it is, if it is unknown here. */
export function sayProblem(text) {
  const index = ["ar", "fr"].indexOf(current);
  for (const [known, translated] of index < 0 ? [] : Object.entries(problems)) {
    const [start, end] = known.split("*");
    if (end === undefined ? text !== known : !(text.startsWith(start) && text.endsWith(end))) continue;
    const varying = end === undefined ? "" : text.slice(start.length, text.length - end.length);
    return translated[index].replace("*", () => varying);
  }
  return text;
}

/** The time of day for today, a date for what is older. */
export function shortMoment(text) {
  const moment = new Date(text);
  const isToday = moment.toDateString() === new Date().toDateString();
  const style = isToday ? CLOCK : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(LOCALES[current], style).format(moment);
}

export const timeOf = (text) =>
  new Intl.DateTimeFormat(LOCALES[current], CLOCK).format(new Date(text));

export const dayOf = (text) =>
  new Intl.DateTimeFormat(LOCALES[current], { weekday: "long", day: "numeric", month: "long" }).format(new Date(text));

function pick(wishes) {
  const codes = wishes.filter(Boolean).map((wish) => wish.slice(0, 2));
  return codes.find((code) => code in LANGUAGES) ?? "en";
}

function applyTo(root) {
  root.lang = current;
  root.dir = current === "ar" ? "rtl" : "ltr";
}
