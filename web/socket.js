/**
 * The line to the server. A message is in storage until the server has it, and one is in flight at a time.
 *
 * @typedef {import("./types").Pending} Pending
 */
import { reached } from "./thread.js";

/** Without welcome or ack by then, a connection is dead. */
export const ANSWER_MS = 10_000;
const STEADY_MS = 5_000; // resets the waiting time
const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const STALE_MS = 24 * 3600_000; // older: if the shopper says so
const FOR_GOOD = /^(bad|too|wrong|refused)/;

/** @param {number} tries from 1 @param {number} random in [0, 1) */
export const backoff = (tries, random) => (Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1)) / 2) * (1 + random);

/** @param {string} text */
export const clean = (text) => text.replace(/\0/g, "").replace(/\p{Surrogate}/gu, "\ufffd").trim();

/** @param {string} text @returns {any} an object, whatever comes */
function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

/** Storage that never throws: refused, it lasts as long as the page. */
export class Keep {
  /** @type {Map<string, string>} */
  #own = new Map();

  /** @param {() => Storage} storage may throw */
  constructor(storage) {
    this.storage = storage;
  }

  /** @param {string} key */
  get(key) {
    return this.#own.get(key) ?? this.#try((s) => s.getItem(key)) ?? "";
  }

  /** @param {string} key @param {string} value */
  set(key, value) {
    this.#own.delete(key);
    if (!value) this.#try((s) => s.removeItem(key));
    else if (!this.#try((s) => (s.setItem(key, value), true))) this.#own.set(key, value);
  }

  /** @param {string} prefix @returns {string[]} */
  keys(prefix) {
    const stored = this.#try((s) => Array.from({ length: s.length }, (_, i) => s.key(i) ?? "")) ?? [];
    return [...stored, ...this.#own.keys()].filter((key) => key.startsWith(prefix));
  }

  /** @template T @param {(storage: Storage) => T} use */
  #try(use) {
    try {
      return use(this.storage());
    } catch {
      return null;
    }
  }
}

export class Socket {
  /** @type {WebSocket | null} */
  #ws = null;
  /** @type {Map<string, Pending>} */
  #queue = new Map();
  /** @type {Map<string, { frame: any, sent: boolean }>} */
  #wishes = new Map();
  /** @type {Record<string, any>} */
  #timers = {};
  #on = false;
  #welcomed = 0;
  #after = 0;
  #tries = 0;
  #bounces = 0;
  #notBefore = 0;
  #flying = "";
  #identity = "";

  /** @param {import("./types").Line} o */
  constructor(o) {
    this.o = o;
  }

  /** Whether an earlier page left something. */
  get known() {
    return !!this.o.keep.get(`${this.o.key}:token`) || this.o.keep.keys(`${this.o.key}:out:`).length > 0;
  }

  start() {
    if (this.#on) return;
    this.#on = true;
    this.#load();
    this.#connect();
  }

  end() {
    this.#on = false;
    this.#hangUp();
    for (const name of Object.keys(this.#timers)) this.#clear(name);
  }

  /** Tries now. @param {boolean} [anew] even if a connection is open */
  wake(anew = false) {
    if (!this.#on || this.o.env.now() < this.#notBefore) return;
    if (anew) this.#hangUp();
    if (!this.#ws) this.#connect();
  }

  /** @param {string} jwt */
  identify(jwt) {
    if (jwt === this.#identity) return;
    this.#identity = jwt;
    this.wake(true);
  }

  /** @param {string} text */
  say(text) {
    const ready = clean(text);
    if (!ready) return;
    this.#pend({ id: this.o.env.id(), text: ready, at: this.o.env.now(), failed: "" });
    this.#flush();
  }

  /** @param {string} id */
  retry(id) {
    const item = this.#queue.get(id);
    if (!item) return;
    this.#pend({ ...item, at: this.o.env.now(), failed: "" });
    this.wake();
    this.#flush();
  }

  /** @param {string} id */
  discard(id) {
    this.#settle(id);
    this.o.dispatch({ type: "discard", id });
  }

  ask() {
    this.#wish("phase", { type: "ask_staff", id: this.o.env.id() });
  }

  withdraw() {
    this.#wish("phase", { type: "withdraw", id: this.o.env.id() });
  }

  /** @param {number} seq @param {number} value */
  rate(seq, value) {
    this.o.dispatch({ type: "rate", seq, value });
    this.#wish(`rate:${seq}`, { type: "rate", seq, value });
  }

  /** Now or never. @param {object} frame */
  now(frame) {
    if (this.#welcomed) this.#send(frame);
  }

  #load() {
    const { keep, key, env } = this.o;
    const items = keep.keys(`${key}:out:`).map((name) => parse(keep.get(name))).filter((item) => item.id && item.text);
    for (const item of items.sort((a, b) => a.at - b.at)) {
      this.#pend(env.now() - item.at > STALE_MS ? { ...item, failed: item.failed || "old" } : item);
    }
  }

  /** @param {Pending} item */
  #pend(item) {
    this.#queue.set(item.id, item);
    this.o.keep.set(`${this.o.key}:out:${item.id}`, JSON.stringify(item));
    this.o.dispatch({ type: "pending", item });
  }

  /** @param {string} id */
  #settle(id) {
    this.#queue.delete(id);
    this.o.keep.set(`${this.o.key}:out:${id}`, "");
    this.#bounces = 0;
    if (this.#flying === id) this.#land();
  }

  #land() {
    this.#flying = "";
    this.#clear("watch");
    this.#clear("again");
  }

  /** @param {string} key @param {object} frame */
  #wish(key, frame) {
    this.#wishes.set(key, { frame, sent: false });
    this.#flush();
  }

  #connect() {
    this.#clear("retry");
    if (this.o.state().link !== "lost") this.o.dispatch({ type: "link", link: "connecting" });
    this.#later("watch", () => this.#lost(), ANSWER_MS);
    try {
      const ws = new this.o.env.WebSocket(this.o.url);
      this.#ws = ws;
      ws.onopen = () => this.#hello();
      ws.onmessage = (event) => this.#hear(event.data);
      ws.onclose = () => this.#lost();
    } catch {
      this.#lost();
    }
  }

  #hello() {
    const state = this.o.state();
    const token = this.o.keep.get(`${this.o.key}:token`);
    this.#after = token ? reached(state.messages) : 0;
    const who = { ...(token && { token }), ...(this.#identity && { identity: this.#identity }) };
    this.#send({ type: "hello", v: 1, after_seq: this.#after, ...this.o.about(), ...who });
  }

  #hangUp() {
    const ws = this.#ws;
    this.#ws = null;
    this.#welcomed = 0;
    this.#land();
    if (!ws) return;
    ws.onopen = ws.onmessage = ws.onclose = null;
    ws.close();
  }

  #lost() {
    const { env, dispatch } = this.o;
    if (this.#welcomed && env.now() - this.#welcomed >= STEADY_MS) this.#tries = 0;
    this.#hangUp();
    this.#tries += 1;
    // not of one quick retry
    dispatch({ type: "link", link: this.#tries > 1 ? "lost" : "connecting" });
    this.#later("retry", () => this.#connect(), Math.max(backoff(this.#tries, env.random()), this.#notBefore - env.now()));
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#ws?.readyState === 1) this.#ws.send(JSON.stringify(frame));
  }

  /** @param {any} data */
  #hear(data) {
    const frame = parse(data);
    if (frame.type === "welcome" && !this.#sameThread(frame)) return this.wake(true);
    if (frame.type === "error" && this.#refused(frame)) return;
    this.o.dispatch({ type: "frame", frame, now: this.o.env.now() });
    this.#follow(frame);
    this.#flush();
  }

  /** False if all must be asked for anew. @param {import("./types").Welcome} frame */
  #sameThread(frame) {
    this.o.keep.set(`${this.o.key}:token`, frame.token);
    const { conversation } = this.o.state();
    const same = !conversation || conversation === frame.conversation;
    if (!same) this.o.dispatch({ type: "reset" });
    return same || this.#after === 0;
  }

  /** @param {any} frame */
  #follow(frame) {
    if (frame.type === "welcome") this.#greeted();
    else if (frame.type === "ack") this.#settle(frame.id);
    else if (frame.type === "message") this.#arrived(frame);
    else if (frame.type === "rated") this.#wishes.delete(`rate:${frame.seq}`);
    else if (frame.type === "status") this.#phase(frame.phase);
  }

  #greeted() {
    this.#welcomed = this.o.env.now();
    this.#land();
    for (const wish of this.#wishes.values()) wish.sent = false;
    this.o.dispatch({ type: "link", link: "open" });
  }

  /** @param {any} frame */
  #arrived(frame) {
    if (frame.id && this.#queue.has(frame.id)) this.#settle(frame.id);
    if (frame.id && this.#wishes.get("phase")?.frame.id === frame.id) this.#wishes.delete("phase");
  }

  /** @param {string} phase */
  #phase(phase) {
    const wish = this.#wishes.get("phase");
    const done = wish?.frame.type === "withdraw" ? phase === "bot" : phase === "waiting" || phase === "staff";
    if (wish?.sent && done) this.#wishes.delete("phase");
  }

  /** Whether that is all. @param {import("./types").ErrorFrame} frame */
  #refused({ code, ref, retry_after_s }) {
    const { env, keep, key, dispatch } = this.o;
    const wait = (retry_after_s ?? 0) * 1000;
    if (code === "wrong_version") {
      this.end();
      dispatch({ type: "link", link: "outdated" });
      return true;
    }
    if (code === "bad_token" && !this.#welcomed) {
      const token = keep.get(`${key}:token`);
      if (!token && !this.#identity) return false;
      if (token) (keep.set(`${key}:token`, ""), dispatch({ type: "reset" }));
      else this.#identity = "";
      this.wake(true);
      return true;
    }
    if (!this.#welcomed) this.#notBefore = env.now() + wait;
    // too fast: not looked at
    const item = this.#queue.get(ref ?? (code === "rate_limited" ? this.#flying : ""));
    if (item) this.#bounced(item, code, wait);
    for (const [name, wish] of this.#wishes) {
      if (ref && (wish.frame.id === ref || wish.frame.type === ref) && FOR_GOOD.test(code)) this.#wishes.delete(name);
    }
    return false;
  }

  /** @param {Pending} item @param {string} code @param {number} wait */
  #bounced(item, code, wait) {
    if (FOR_GOOD.test(code)) {
      this.#land();
      return this.#pend({ ...item, failed: code });
    }
    // stays in flight, so that nothing overtakes it
    this.#clear("watch");
    this.#later("again", () => (this.#land(), this.#flush()), Math.max(wait, backoff(++this.#bounces, this.o.env.random())));
  }

  #flush() {
    if (!this.#welcomed) return;
    for (const wish of this.#wishes.values()) {
      if (!wish.sent) this.#send(wish.frame);
      wish.sent = true;
    }
    if (this.#flying) return;
    for (const item of this.#queue.values()) {
      if (item.failed) continue;
      // another tab discarded it
      if (!this.o.keep.get(`${this.o.key}:out:${item.id}`)) {
        this.discard(item.id);
        continue;
      }
      this.#flying = item.id;
      this.#later("watch", () => this.#lost(), ANSWER_MS);
      return this.#send({ type: "say", id: item.id, text: item.text });
    }
  }

  /** @param {string} name @param {() => void} f @param {number} ms */
  #later(name, f, ms) {
    this.#clear(name);
    this.#timers[name] = this.o.env.setTimeout(f, ms);
  }

  /** @param {string} name */
  #clear(name) {
    this.o.env.clearTimeout(this.#timers[name]);
    delete this.#timers[name];
  }
}
