/** What happens, told to the ear; what goes wrong, also to the eye. */

import { sayProblem } from "./i18n.js";
import { Disconnected } from "./socket.js";

const LONG_ENOUGH = 6000;
let timer = null;

/** For screen readers alone: what others see happen on the page. */
export function announce(text) {
  document.getElementById("announcer").textContent = text;
}

/** A line that goes away by itself. */
export function complain(text) {
  const toast = document.getElementById("toast");
  toast.textContent = text;
  toast.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (toast.hidden = true), LONG_ENOUGH);
}

/** Whatever goes wrong in an action is said, and harms nothing else. */
export async function attempt(action) {
  try {
    return await action();
  } catch (error) {
    // The socket comes back by itself, and what it interrupted is done again then.
    if (!(error instanceof Disconnected)) complain(sayProblem(error.message));
    return null;
  }
}

/** The same action, never twice at a time. */
export function once(action) {
  let running = null;
  return (...values) => (running ??= attempt(() => action(...values)).finally(() => (running = null)));
}
