/** Who is signed in, and the two tokens that prove it.
 *
 * They are kept for this tab alone, so that two people can be tried in two tabs side by side.
 */

import { reach, wordsOf } from "./reach.js";

const KEY = "session";

/** Whoever asked has signed out meanwhile: the answer is nobody's. */
export class Left extends Error {}

let session = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
let refreshing = null;
let tellOfTheEnd = () => {};

export const me = () => session?.user ?? null;
export const accessToken = () => session?.access ?? null;

/** end(): the server has ended the session, sign in again. */
export const onEnd = (end) => (tellOfTheEnd = end);

/** Sign in. Throws the server's words when it refuses. */
export async function signIn(email, password) {
  const response = await reach("POST", "/auth/login/", { body: { email, password } });
  if (!response.ok) throw new Error(await wordsOf(response));
  const { access_token: access, refresh_token: refresh, user } = await response.json();
  keep({ access, refresh, user: { id: user.pk, name: user.full_name, role: user.user_type } });
}

/** End the session here, and on the server as far as it can be reached. */
export async function signOut() {
  const { access, refresh } = session ?? {};
  keep(null);
  if (access) await reach("POST", "/auth/logout/", { body: { refresh }, token: access }).catch(() => null);
}

/** A new access token. Everybody who asks meanwhile gets the same one.
 *
 * null: the session is over. Throws when the server can't be reached.
 */
export function refreshToken() {
  refreshing ??= refresh().finally(() => (refreshing = null));
  return refreshing;
}

async function refresh() {
  if (!session) return null;
  const { user, refresh: old } = session;
  const response = await reach("POST", "/api/token/refresh/", { body: { refresh: old } });
  if (response.status >= 500 || response.status === 429) throw new Error(await wordsOf(response));
  // Meanwhile they may have signed out.
  if (me() !== user) return null;
  if (!response.ok) return end();
  const { access, refresh: rotated } = await response.json();
  keep({ user, access, refresh: rotated ?? old });
  return access;
}

function end() {
  keep(null);
  tellOfTheEnd();
  return null;
}

function keep(value) {
  session = value;
  if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
  else sessionStorage.removeItem(KEY);
}
