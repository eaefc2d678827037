/** Choosing among Arabic, French and English. */

import { h } from "../dom.js";
import { LANGUAGES, language, say, setLanguage } from "../i18n.js";

export function languagePicker(onChange) {
  const choices = Object.entries(LANGUAGES).map(([code, name]) =>
    h("option", { value: code, lang: code, selected: code === language() }, name),
  );
  const choose = ({ target }) => {
    setLanguage(target.value);
    onChange();
    document.querySelector("select.language").focus();
  };
  return h("select", { class: "language", "aria-label": say("language"), onchange: choose }, choices);
}
