/** What is shown, kept in the address: so the browser's back button, reloading and links work.
 *
 * #/room/ID is a room; #/side/ID the third column beside it, which a small screen shows instead of it.
 */

/** { column: "rooms" | "room" | "side", roomId: ID or null } */
export function place() {
  const [, column, roomId = null] = location.hash.match(/^#\/(room|side)(?:\/([\w-]+))?$/) ?? [null, "rooms"];
  return { column, roomId };
}

export function goTo(column, roomId) {
  location.hash = column === "rooms" ? "" : ["#", column, roomId].filter(Boolean).join("/");
}

/** To the rooms, from where nothing leads back to: a room that is gone, somebody who has signed out. */
export function goHome() {
  history.replaceState(null, "", location.pathname);
}
