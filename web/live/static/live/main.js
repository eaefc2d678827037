/** Where the page begins: sign in, then the client and its views. docs/live.md is the guide. */

import { complain } from "./announce.js";
import * as client from "./client.js";
import { say } from "./i18n.js";
import { h } from "./dom.js";
import { me, signOut } from "./session.js";
import { state, subscribe } from "./store.js";
import { loginView } from "./views/login.js";
import { shellView } from "./views/shell.js";

const app = document.getElementById("app");
let shell = null;

document.body.append(h("div", { id: "toast", role: "alert", dir: "auto", hidden: true }));
subscribe((now) => shell?.draw(now));
show();

function show() {
  shell = null;
  if (!me()) return app.replaceChildren(loginView({ onSignedIn: enter, onLanguage: show }));
  shell = shellView({ onSignOut: leave, onLanguage: show });
  app.replaceChildren(shell.root);
  shell.draw(state);
}

function enter() {
  client.start(over);
  show();
}

/** Out at once; the server hears of it as it can. */
function leave() {
  client.stop();
  signOut();
  show();
}

function over() {
  leave();
  complain(say("sessionOver"));
}

if (me()) client.start(over);
