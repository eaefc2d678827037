/** Who is signed in, and the two tokens that prove it.
 *
 * They are kept for this tab alone, so that two people can be tried in two tabs side by side.
 */

const KEY = "session";

let session = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
let refreshing = null;

export const me = () => session?.user ?? null;
export const accessToken = () => session?.access ?? null;

/** Sign in. Throws the server's words when it refuses. */
export async function signIn(email, password) {
  const response = await post("/auth/login/", { email, password });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Error(Object.values(body).flat()[0] ?? response.statusText);
  const { pk: id, full_name: name, user_type: role } = body.user;
  keep({ access: body.access_token, refresh: body.refresh_token, user: { id, name, role } });
}

/** End the session here, and on the server as far as it can be reached. */
export async function signOut() {
  const { access, refresh } = session ?? {};
  keep(null);
  if (access) await post("/auth/logout/", { refresh }, access).catch(() => null);
}

/** A new access token. Everybody who asks meanwhile gets the same one.
 *
 * null: the session is over, sign in again. Throws when the server can't be reached.
 */
export function refreshToken() {
  refreshing ??= refresh().finally(() => (refreshing = null));
  return refreshing;
}

async function refresh() {
  if (!session) return null;
  const response = await post("/api/token/refresh/", { refresh: session.refresh });
  if (response.status >= 500 || response.status === 429) throw new Error(response.statusText);
  if (!response.ok || !session) return null;
  const { access, refresh: rotated } = await response.json();
  keep({ ...session, access, refresh: rotated ?? session.refresh });
  return access;
}

function keep(value) {
  session = value;
  if (value) sessionStorage.setItem(KEY, JSON.stringify(value));
  else sessionStorage.removeItem(KEY);
}

function post(path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  return fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
}
