/** The REST API, as much of it as this page uses. */

import { reach, wordsOf } from "./reach.js";
import { Left, accessToken, me, refreshToken } from "./session.js";

/** One request. A token that has just run out is renewed once, and the request made again.
 *
 * Throws the server's words when it refuses, Unreachable, and Left.
 */
async function request(method, path, body) {
  const asker = me();
  const attempt = () => reach(method, path, { body, token: accessToken() });
  let response = await attempt();
  if (response.status === 401 && (await refreshToken())) response = await attempt();
  const answer = response.status === 204 ? null : await (response.ok ? response.json() : wordsOf(response));
  if (me() !== asker) throw new Left();
  if (!response.ok) throw new Error(answer);
  return answer;
}

const get = (path, query) => request("GET", query ? `${path}?${new URLSearchParams(query)}` : path);
const post = (path, body) => request("POST", path, body);

/** Every room one is in: groups and direct ones. */
export async function rooms() {
  const lists = await Promise.all([get("/chat/chatrooms/group/"), get("/chat/chatrooms/direct/me/")]);
  return lists.flat();
}

export const room = (id) => get(`/chat/chatrooms/${id}/`);
export const directRoom = (userId) => post("/chat/chatrooms/direct/", { target_user_id: userId });
export const members = (roomId, page = 1) => get(`/chat/chatrooms/${roomId}/members/`, { page });
export const people = (search) => get("/chat/available_users/", { search });

/** The latest messages, or those before one: a cursor, so new messages shift nothing. */
export const history = (roomId, before) =>
  get(`/chat/chatrooms/${roomId}/messages/`, before ? { before } : undefined);

export const editMessage = (id, content) => request("PUT", `/chat/chatrooms/messages/${id}/update/`, { content });
export const deleteMessage = (id) => request("DELETE", `/chat/chatrooms/messages/${id}/delete/`);
export const markRoomRead = (roomId) => post(`/chat/rooms/${roomId}/mark-read/`);

/** Answered once the file is stored; its message comes over the socket once it is processed. */
export function uploadFile(roomId, file) {
  const form = new FormData();
  form.append("file", file);
  return post(`/chat/rooms/${roomId}/upload_file/`, form);
}

export const notifications = (page = 1) => get("/notifications/", { page });
export const markNotificationRead = (id) => post(`/notifications/${id}/mark-read/`);
export const markAllNotificationsRead = () => post("/notifications/mark-all-read/");

export const booking = (id) => get(`/bookings/${id}/`);
export const decideBooking = (id, decision) => post(`/bookings/${id}/${decision}/`);

/** Both counts as they are now; afterwards the socket's unread_update tells of each change. */
export async function unreadCounts() {
  const [chat, notices] = await Promise.all([get("/chat/unread-count/"), get("/notifications/unread-count/")]);
  return { chat: chat.unread_count, notifications: notices.unread_count };
}
