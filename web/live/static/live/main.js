/** Where the page begins: sign in, then the client and its views. docs/live.md is the guide. */

import { complain } from "./announce.js";
import * as client from "./client.js";
import { h } from "./dom.js";
import { say } from "./i18n.js";
import { goHome } from "./route.js";
import { me, onEnd, signOut } from "./session.js";
import { state, subscribe } from "./store.js";
import { loginView } from "./views/login.js";
import { shellView } from "./views/shell.js";

const MINUTE = 60_000;
const app = document.getElementById("app");
let shell = null;

document.body.append(h("div", { id: "toast", role: "alert", dir: "auto", hidden: true }));
subscribe((now) => shell?.draw(now));
window.addEventListener("hashchange", () => shell?.move());
// Whoever comes back to the page sees it; whoever leaves it types no more.
document.addEventListener("visibilitychange", () => (document.hidden ? client.setTyping(false) : shell?.draw(state)));
// At midnight today becomes yesterday.
setInterval(() => shell?.draw(state), MINUTE);
onEnd(() => {
  leave();
  complain(say("sessionOver"));
});
if (me()) client.start();
show();

function show() {
  shell = null;
  if (!me()) return app.replaceChildren(loginView({ onSignedIn: enter, onLanguage: show }));
  shell = shellView({ onSignOut: leave, onLanguage: show });
  app.replaceChildren(shell.root);
  shell.move();
}

function enter() {
  client.start();
  show();
}

/** Out at once; the server hears of it as it can. */
function leave() {
  client.stop();
  signOut();
  goHome();
  show();
}
