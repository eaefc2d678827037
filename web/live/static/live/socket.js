/** The one socket: it comes back by itself, and asks for what it missed meanwhile. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
// Who hears nothing for so long talks to nobody: a phone changes its network without a word.
const LONGEST_SILENCE = 30_000;
const UNAUTHORIZED = 4001;

/** The connection went before the answer came: nobody knows whether the frame was carried out. */
export class Disconnected extends Error {}

export class Socket {
  #connection = null;
  #lastEventId = null;
  #waiting = []; // Who waits for a reply: replies come in the order of the frames.
  #failures = 0;
  #timer = null;
  #isOnline = false;
  #left = new AbortController();

  /** token(): an access token. renew(): a new one, null when the session is over.
   *
   * onEvent(event), onState("connecting" | "online" | "offline").
   */
  constructor({ token, renew, onEvent, onState }) {
    Object.assign(this, { token, renew, onEvent, onState });
    const { signal } = this.#left;
    const hurry = () => this.#timer && this.connect();
    window.addEventListener("online", hurry, { signal });
    document.addEventListener("visibilitychange", () => !document.hidden && hurry(), { signal });
    window.addEventListener("offline", () => this.#lost(this.#connection), { signal });
  }

  connect() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.onState("connecting");
    const query = new URLSearchParams({ token: this.token() });
    // With the id of the last event we had, the server tells first what came after it.
    if (this.#lastEventId) query.set("last_event_id", this.#lastEventId);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const connection = new WebSocket(`${scheme}://${location.host}/ws/global/?${query}`);
    connection.onmessage = ({ data }) => connection === this.#connection && this.#read(JSON.parse(data));
    connection.onclose = ({ code }) => this.#lost(connection, code);
    this.#connection = connection;
  }

  /** Send a frame, and wait for its reply. Throws the server's words when it refuses, or Disconnected. */
  ask(frame) {
    return new Promise((resolve, reject) => {
      if (!this.tell(frame)) return reject(new Disconnected());
      const connection = this.#connection;
      const patience = setTimeout(() => this.#lost(connection), LONGEST_SILENCE);
      this.#waiting.push({ resolve, reject, patience });
    });
  }

  /** Send a frame that isn't answered when all is well: typing. Whether it could be sent. */
  tell(frame) {
    if (this.#isOnline) this.#connection.send(JSON.stringify(frame));
    return this.#isOnline;
  }

  /** Close for good. */
  close() {
    this.#left.abort();
    clearTimeout(this.#timer);
    this.#drop();
  }

  #read(frame) {
    // Whatever has an event_id is news; the rest are replies.
    if (!frame.event_id) return this.#answered(frame);
    this.#lastEventId = frame.event_id;
    // The first thing a new socket hears of, after what it missed: from here on all is live.
    if (frame.type === "presence_snapshot") this.#settled();
    if (frame.type === "token_expiring") this.#renewInPlace();
    this.onEvent(frame);
  }

  #answered(frame) {
    const { resolve, reject, patience } = this.#waiting.shift() ?? {};
    clearTimeout(patience);
    if (frame.error) reject?.(new Error(frame.error));
    else resolve?.(frame);
  }

  #settled() {
    if (this.#isOnline) return;
    this.#isOnline = true;
    this.#failures = 0;
    this.onState("online");
  }

  /** A socket lives as long as its token: a newer one keeps it open. */
  async #renewInPlace() {
    const token = await this.renew().catch(() => null);
    if (token) await this.ask({ type: "authenticate", token }).catch(() => null);
  }

  async #lost(connection, code) {
    if (connection !== this.#connection || !connection) return;
    this.#drop();
    this.onState("offline");
    if (code === UNAUTHORIZED && !(await this.#canRenew())) return;
    this.#retry();
  }

  #drop() {
    this.#connection?.close();
    this.#connection = null;
    this.#isOnline = false;
    for (const { reject, patience } of this.#waiting.splice(0)) {
      clearTimeout(patience);
      reject(new Disconnected());
    }
  }

  async #canRenew() {
    try {
      return Boolean(await this.renew());
    } catch {
      return true; // The server can't be reached: it hasn't said no.
    }
  }

  /** Each failure doubles the wait; chance keeps a thousand clients from coming back at once. */
  #retry() {
    if (this.#left.signal.aborted) return;
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
  }
}
