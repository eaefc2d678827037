/** Signing in: by email and password, or with one click as one of the demo's people. */

import { avatar, h, written } from "../dom.js";
import { say, translate } from "../i18n.js";
import { attempt } from "../announce.js";
import { reach } from "../reach.js";
import { signIn } from "../session.js";
import { languagePicker } from "./language.js";

export function loginView({ onSignedIn, onLanguage }) {
  const problem = h("p", { class: "problem", role: "alert", dir: "auto" });
  const email = h("input", { type: "email", name: "email", autocomplete: "username", required: true, dir: "ltr" });
  const password = h("input", {
    type: "password", name: "password", autocomplete: "current-password", required: true, dir: "ltr",
  });
  const form = h(
    "form",
    { onsubmit: submit },
    h("label", {}, say("email"), email),
    h("label", {}, say("password"), password),
    problem,
    h("button", { class: "primary" }, say("signIn")),
  );
  const people = h("section", { class: "people" });
  attempt(() => showPeople(people, ({ email: address, password: secret }) => {
    [email.value, password.value] = [address, secret];
    form.requestSubmit();
  }));

  async function submit(event) {
    event.preventDefault();
    problem.textContent = "";
    try {
      await signIn(email.value, password.value);
      onSignedIn();
    } catch (error) {
      problem.textContent = translate(error.message);
    }
  }

  const heading = h("header", {}, h("h1", {}, "My Accountant"), languagePicker(onLanguage));
  return h("main", { class: "login" }, heading, h("p", { class: "quiet" }, say("intro")), form, people);
}

/** The server names the demo's people where their passwords are no secret, and nobody elsewhere. */
async function showPeople(section, choose) {
  const response = await reach("GET", "people.json");
  const { people, is_demo: isDemo } = await response.json();
  if (!people.length) return section.append(isDemo ? h("p", { class: "quiet" }, say("demoHint")) : "");
  section.append(h("h2", {}, say("demoPeople")), h("ul", {}, people.map((person) => h("li", {}, choice(person)))));

  function choice(person) {
    return h(
      "button",
      { type: "button", class: "row", onclick: () => choose(person) },
      avatar(person.email, person.full_name),
      h("span", { class: "grow" }, written("strong", person.full_name), h("span", { class: "quiet" }, say(person.user_type))),
    );
  }
}
