/** The one socket: it comes back by itself, and asks for what it missed meanwhile. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const UNAUTHORIZED = 4001;

/** The server answered a frame with an error. */
export class Refused extends Error {}

/** The connection went before the answer came: nobody knows whether the frame was carried out. */
export class Disconnected extends Error {}

export class Socket {
  #connection = null;
  #lastEventId = null;
  #waiting = []; // Who waits for a reply: replies come in the order of the frames.
  #failures = 0;
  #timer = null;
  #isOnline = false;
  #closed = false;

  /** token(): an access token. renew(): a new one, null when the session is over.
   *
   * onEvent(event), onState("connecting" | "online" | "offline"), onOver(): sign in again.
   */
  constructor({ token, renew, onEvent, onState, onOver }) {
    Object.assign(this, { token, renew, onEvent, onState, onOver });
    this.hurry = () => this.#timer && this.connect();
    window.addEventListener("online", this.hurry);
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
    connection.onmessage = ({ data }) => this.#read(JSON.parse(data));
    connection.onclose = ({ code }) => this.#lost(connection, code);
    this.#connection = connection;
  }

  /** Send a frame, and wait for its reply. Throws Refused or Disconnected. */
  ask(frame) {
    return new Promise((resolve, reject) => {
      if (!this.tell(frame)) reject(new Disconnected());
      else this.#waiting.push({ resolve, reject });
    });
  }

  /** Send a frame that isn't answered when all is well: typing. Whether it could be sent. */
  tell(frame) {
    const isOpen = this.#connection?.readyState === WebSocket.OPEN;
    if (isOpen) this.#connection.send(JSON.stringify(frame));
    return isOpen;
  }

  /** Close for good. */
  close() {
    this.#closed = true;
    clearTimeout(this.#timer);
    window.removeEventListener("online", this.hurry);
    this.#connection?.close();
  }

  #read(frame) {
    if (frame.error) return this.#waiting.shift()?.reject(new Refused(frame.error));
    // Whatever has an event_id is news; the rest are replies.
    if (!frame.event_id) return this.#waiting.shift()?.resolve(frame);
    this.#lastEventId = frame.event_id;
    // The first thing a new socket hears of, after what it missed: from here on all is live.
    if (frame.type === "presence_snapshot") this.#settled();
    if (frame.type === "token_expiring") this.#renewInPlace();
    this.onEvent(frame);
  }

  #settled() {
    this.#failures = 0;
    if (!this.#isOnline) this.onState("online");
    this.#isOnline = true;
  }

  /** A socket lives as long as its token: a newer one keeps it open. */
  async #renewInPlace() {
    const token = await this.renew().catch(() => null);
    if (token) await this.ask({ type: "authenticate", token }).catch(() => null);
  }

  async #lost(connection, code) {
    if (connection !== this.#connection) return;
    for (const { reject } of this.#waiting.splice(0)) reject(new Disconnected());
    this.#isOnline = false;
    if (this.#closed) return;
    this.onState("offline");
    if (code === UNAUTHORIZED && !(await this.#canRenew())) return this.onOver();
    this.#retry();
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
    if (this.#closed) return;
    const longest = Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** this.#failures++);
    this.#timer = setTimeout(() => this.connect(), longest * (0.5 + Math.random() / 2));
  }
}
