/** What is known here of rooms, messages, people and notifications.
 *
 * Values are replaced, never changed in place, so a view sees what is new by comparing them. Each
 * change can be made twice: what REST and the socket both tell of is there once.
 */

const fresh = () => ({
  connection: "connecting",
  isCurrent: false, // whether all below has been fetched, and events have kept it so
  rooms: new Map(), // id -> room, see roomOf
  messages: new Map(), // room id -> messages, the oldest first
  hasOlder: new Map(), // room id -> whether there is more before them
  members: new Map(), // room id -> [{ id, name, role }], the first of them by name
  online: new Set(),
  typing: new Map(), // room id -> Map of user id -> name
  notifications: [],
  notificationPages: { next: 2, more: false },
  bookings: new Map(), // booking id -> booking, as far as somebody looked at it
  unread: { chat: 0, notifications: 0 },
  drafts: new Map(), // room id -> what was written there and not sent; no view shows another's
  openRoom: null,
});

export const state = fresh();
const listeners = new Set();
let isScheduled = false;

export const subscribe = (listener) => listeners.add(listener);

/** Change parts of the state; views are drawn once, after the current step. */
export function set(changes) {
  Object.assign(state, changes);
  if (isScheduled) return;
  isScheduled = true;
  queueMicrotask(() => {
    isScheduled = false;
    listeners.forEach((listener) => listener(state));
  });
}

export const reset = () => set(fresh());

/** A copy of a Map with one entry more, or one less for undefined. */
export function withEntry(map, key, value) {
  const copy = new Map(map);
  if (value === undefined) copy.delete(key);
  else copy.set(key, value);
  return copy;
}

export const roomOf = (raw) => ({
  id: raw.room_id,
  name: raw.room_name,
  isDirect: raw.is_dm,
  createdAt: raw.created_at,
  hasUnread: raw.has_unread_messages,
  membersCount: raw.members_count,
  latest: null,
});

/** A message, the same whether REST or the socket tells of it. */
export const messageOf = (raw) => ({
  key: raw.message_id,
  id: raw.message_id,
  clientId: raw.client_message_id ?? null,
  sender: { id: raw.sender.id ?? raw.sender.pk, name: raw.sender.full_name },
  content: raw.content,
  sentAt: raw.sent_at ?? raw.timestamp,
  isEdited: raw.is_edited,
  isDeleted: raw.is_deleted,
  file: raw.message_type === "file" ? { url: raw.file, name: raw.filename, thumbnail: raw.thumbnail } : null,
  status: "sent",
});

/** What is left of a message that was taken back. */
export const DELETED = { isDeleted: true, content: "", file: null };

export const personOf = (raw) => ({ id: raw.pk, name: raw.full_name, role: raw.user_type });

export function putRoom(room) {
  const known = state.rooms.get(room.id);
  const latest = room.latest ?? known?.latest ?? null;
  set({ rooms: withEntry(state.rooms, room.id, { ...known, ...room, latest }) });
}

export function changeRoom(id, changes) {
  if (state.rooms.has(id)) putRoom({ ...state.rooms.get(id), ...changes });
}

/** Forget a room that is gone, or that one was taken out of. */
export function dropRoom(id) {
  set({
    rooms: withEntry(state.rooms, id, undefined),
    messages: withEntry(state.messages, id, undefined),
    openRoom: state.openRoom === id ? null : state.openRoom,
  });
}

/** Rooms by their latest message, the newest first. */
export const roomsInOrder = () =>
  [...state.rooms.values()].sort((a, b) => (lastMoment(a) < lastMoment(b) ? 1 : -1));

const lastMoment = (room) => room.latest?.sentAt ?? room.createdAt;

/** Messages into their places: one that is known already is replaced. */
export function putMessages(roomId, messages) {
  const isNews = (old) => !messages.some((message) => isSame(old, message));
  const before = state.messages.get(roomId) ?? [];
  // What was said first keeps its element on the page when the server names it.
  const named = messages.map((message) => ({ ...message, key: keyOf(before, message) }));
  const all = [...before.filter(isNews), ...named].sort(byTime);
  set({ messages: withEntry(state.messages, roomId, all) });
}

/** The newest page of a room is the truth: all that is kept beside it is not yet sent, or newer. */
export function replaceMessages(roomId, page) {
  const end = page.at(-1)?.sentAt ?? "";
  const kept = (state.messages.get(roomId) ?? []).filter(
    (message) => message.status !== "sent" || message.sentAt > end,
  );
  set({ messages: withEntry(state.messages, roomId, kept) });
  putMessages(roomId, page);
}

const keyOf = (before, message) => before.find((old) => isSame(old, message))?.key ?? message.key;

export function changeMessage(roomId, id, changes) {
  const before = state.messages.get(roomId);
  if (!before) return;
  const changed = before.map((message) => (message.id === id ? { ...message, ...changes } : message));
  set({ messages: withEntry(state.messages, roomId, changed) });
  const latest = state.rooms.get(roomId)?.latest;
  if (latest?.id === id) changeRoom(roomId, { latest: { ...latest, ...changes } });
}

/** A draft that will never be sent. */
export function dropMessage(roomId, key) {
  const others = state.messages.get(roomId).filter((message) => message.key !== key);
  set({ messages: withEntry(state.messages, roomId, others) });
}

const isSame = (a, b) => a.id === b.id || (a.clientId !== null && a.clientId === b.clientId);

/** A draft has got on: it has a name now, or is stored, or was refused.
 *
 * If its message came over the socket meanwhile, the draft has done its part.
 */
export function changePending(roomId, clientId, changes) {
  const before = state.messages.get(roomId) ?? [];
  const draft = before.find((message) => message.clientId === clientId && message.status !== "sent");
  if (!draft) return;
  const others = before.filter((message) => message !== draft);
  const hasCome = others.some((message) => message.id === changes.id);
  const all = hasCome ? others : [...others, { ...draft, ...changes }].sort(byTime);
  set({ messages: withEntry(state.messages, roomId, all) });
}

/** Random, and made without asking: also where crypto.randomUUID is kept back, on plain HTTP. */
export const newId = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** A line in a room about something that isn't a message, after what was said last. */
export function putNote(roomId, phrase, values) {
  const key = newId();
  const last = state.messages.get(roomId)?.findLast((message) => message.sentAt);
  const sentAt = last?.sentAt ?? state.rooms.get(roomId).createdAt;
  putMessages(roomId, [{ key, id: key, clientId: null, status: "note", sentAt, phrase, values }]);
}

/** What isn't stored yet stands at the end, a note after what it followed.
 *
 * Moments are texts of one format, so they compare as such.
 */
function byTime(a, b) {
  if (!a.sentAt || !b.sentAt) return a.sentAt ? -1 : b.sentAt ? 1 : 0;
  if (a.sentAt === b.sentAt) return (a.status === "note") - (b.status === "note");
  return a.sentAt < b.sentAt ? -1 : 1;
}

export function setTyping(roomId, userId, name) {
  const typists = withEntry(state.typing.get(roomId) ?? new Map(), userId, name);
  set({ typing: withEntry(state.typing, roomId, typists) });
}

export function setOnline(userId, isOnline) {
  const online = new Set(state.online);
  if (isOnline) online.add(userId);
  else online.delete(userId);
  set({ online });
}

/** Notifications, the newest first, each once. */
export function putNotifications(added) {
  const known = new Map(state.notifications.map((one) => [one.notification_id, one]));
  for (const one of added) known.set(one.notification_id, { ...known.get(one.notification_id), ...one });
  const all = [...known.values()].sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
  set({ notifications: all });
}

/** Mark those that a test picks as read. */
export function readNotifications(isMeant) {
  set({
    notifications: state.notifications.map((one) => (!one.is_read && isMeant(one) ? { ...one, is_read: true } : one)),
  });
}

/** Members after those that are known, each once. */
export function putMembers(roomId, added) {
  const known = new Map((state.members.get(roomId) ?? []).map((member) => [member.id, member]));
  for (const member of added) known.set(member.id, member);
  set({ members: withEntry(state.members, roomId, [...known.values()]) });
}

/** The other one of a direct room. */
export const partnerIn = (roomId, myId) => state.members.get(roomId)?.find((member) => member.id !== myId);
