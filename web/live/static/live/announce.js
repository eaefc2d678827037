/** What happens, told to the ear; what goes wrong, also to the eye. */

import { translate } from "./i18n.js";
import { Left } from "./session.js";
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

/** Whatever goes wrong in an action is said, and harms nothing else. Whether all went well. */
export async function attempt(action) {
  try {
    await action();
    return true;
  } catch (error) {
    // The socket comes back by itself, and what it interrupted is done again then.
    const isQuiet = error instanceof Disconnected || error instanceof Left;
    if (!isQuiet) complain(translate(error.message));
    return false;
  }
}

/** The same action on the same thing, never twice at a time. */
export function once(action) {
  const running = new Map();
  return (id) => {
    if (!running.has(id)) running.set(id, attempt(() => action(id)).finally(() => running.delete(id)));
    return running.get(id);
  };
}
