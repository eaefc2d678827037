/** The page's words in Arabic, French and English, and how they run. */

import sentences from "./sentences.js";
import words from "./words.js";

export const LANGUAGES = { ar: "العربية", fr: "Français", en: "English" };
const LOCALES = { ar: "ar-DZ", fr: "fr-DZ", en: "en-GB" };
const CLOCK = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = 24 * 60 * 60 * 1000;
const KEY = "language";
const SENTENCES = Object.entries(sentences).map(([english, others]) => [patternOf(english), [...others, english]]);

let current = pick([localStorage.getItem(KEY), ...navigator.languages]);
applyTo(document.documentElement);

export const language = () => current;

export function setLanguage(code) {
  current = code;
  localStorage.setItem(KEY, code);
  applyTo(document.documentElement);
}

/** What words depend on beside what they tell of: the language, and which day is today. */
export const wording = () => `${current} ${new Date().toDateString()}`;

/** A phrase, with its {names} filled in. */
export function say(phrase, values = {}) {
  return inLanguage(words[phrase]).replace(/\{(\w+)\}/g, (_, name) => apart(values[name]));
}

/** What the server said; as it is, if it is unknown here. */
export function translate(text) {
  for (const [pattern, translations] of SENTENCES) {
    const varying = text.match(pattern)?.slice(1);
    if (varying) return inLanguage(translations).replaceAll("*", () => apart(varying.shift()));
  }
  return text;
}

const inLanguage = (translations) => translations[Object.keys(LANGUAGES).indexOf(current)];

/** Several names as one: "Lina and Omar". */
export const listOf = (names) => new Intl.ListFormat(LOCALES[current]).format(names.map(apart));

/** The time of day for today, a date for what is older. */
export function shortMoment(text) {
  const moment = new Date(text);
  if (daysAgo(moment) === 0) return timeOf(text);
  return moment.toLocaleDateString(LOCALES[current], { day: "numeric", month: "short", ...yearOf(moment) });
}

export const timeOf = (text) => new Date(text).toLocaleTimeString(LOCALES[current], CLOCK);

/** "Today", "Yesterday", or a date. */
export function dayOf(text) {
  const moment = new Date(text);
  const days = daysAgo(moment);
  if (days === 0 || days === 1) return new Intl.RelativeTimeFormat(LOCALES[current], { numeric: "auto" }).format(-days, "day");
  return moment.toLocaleDateString(LOCALES[current], { weekday: "long", day: "numeric", month: "long", ...yearOf(moment) });
}

/** Midnights since then, by the reader's own clock. */
function daysAgo(moment) {
  const [then, today] = [moment, new Date()].map((date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()));
  return (today - then) / DAY;
}

const yearOf = (moment) => (moment.getFullYear() === new Date().getFullYear() ? {} : { year: "numeric" });

/** A name or number may run the other way than the sentence it stands in: isolated, it moves nothing else. */
function apart(value) {
  return `\u2068${value}\u2069`;
}

function pick(wishes) {
  const codes = wishes.filter(Boolean).map((wish) => wish.slice(0, 2));
  return codes.find((code) => code in LANGUAGES) ?? "en";
}

/** What varies becomes a group; all else stands for itself. */
function patternOf(known) {
  const parts = known.split("*").map((part) => part.replace(/[.?()[\]{}^$|\\+]/g, "\\$&"));
  return new RegExp(`^${parts.join("(.*)")}$`, "s");
}

function applyTo(root) {
  root.lang = current;
  root.dir = current === "ar" ? "rtl" : "ltr";
}
