/**
 * The line to the server: connects, says hello, sends again what was not acknowledged, and never gives up.
 *
 * A message is put into storage before it is sent and taken out when the server has it, so neither a lost connection
 * nor a closed page loses what was typed. One message is in flight at a time: that keeps their order. Clock, random
 * numbers, WebSocket and storage are given from outside; this file knows no page.
 *
 * @typedef {import("./types").Pending} Pending
 */
import { reached } from "./thread.js";

export const HELLO_MS = 10_000; // no welcome by then: try anew
export const ACK_MS = 10_000; // a socket that takes a message and says nothing is dead
export const HOLE_MS = 1_000; // a missing `seq` may still be on its way
export const STEADY_MS = 5_000; // only a connection that held this long resets the waiting time
const FIRST_MS = 500;
const LONGEST_MS = 30_000;
const STALE_MS = 24 * 3600_000; // older than that, the shopper decides whether it is still to be sent
const FOR_LATER = /^(busy|rate_limited|unavailable|state_lost|store_lost|generator_failed|internal)$/;

/** Milliseconds before try number `tries` (from 1): doubling to half a minute, half of it by chance.
 * @param {number} tries @param {number} random in [0, 1) */
export const backoff = (tries, random) => (Math.min(LONGEST_MS, FIRST_MS * 2 ** (tries - 1)) / 2) * (1 + random);

/** Text as the server takes it: no NUL, no half of a surrogate pair. @param {string} text */
export const clean = (text) => text.replace(/\0/g, "").replace(/\p{Surrogate}/gu, "\ufffd").trim();

export class Socket {
  /** @type {WebSocket | null} */
  #ws = null;
  /** @type {Map<string, Pending>} */
  #queue = new Map();
  /** Wishes that are repeated after a reconnect and die with the page. @type {Map<string, { frame: any, sent: boolean }>} */
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
  #hole = 0;
  #identity = "";

  /** @param {import("./types").Line} o */
  constructor(o) {
    this.o = o;
  }

  /** Whether a conversation, or something unsent, waits from an earlier page. */
  get known() {
    return !!this.o.keep.get(`${this.o.key}:token`) || this.o.keep.keys(`${this.o.key}:out:`).length > 0;
  }

  get started() {
    return this.#on;
  }

  start() {
    if (this.#on) return;
    this.#on = true;
    this.#load();
    this.#connect();
  }

  /** Ends everything; unsent messages stay in storage. */
  stop() {
    this.#on = false;
    this.#hangUp();
    for (const name of Object.keys(this.#timers)) this.#clear(name);
  }

  /** Try now instead of later. @param {boolean} [anew] the network changed: do not trust an open connection either */
  wake(anew = false) {
    if (!this.#on || this.o.env.now() < this.#notBefore) return;
    if (anew) this.#hangUp();
    if (!this.#ws) this.#connect();
  }

  /** @param {string} jwt signed by the shop; "" forgets it */
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

  askStaff() {
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

  /** For what is worth nothing later: stop, typing. @param {object} frame */
  now(frame) {
    if (this.#welcomed) this.#send(frame);
  }

  #load() {
    const { keep, key, env } = this.o;
    const items = keep.keys(`${key}:out:`).map((name) => this.#read(name)).filter((item) => item !== null);
    for (const item of items.sort((a, b) => a.at - b.at)) {
      this.#pend(env.now() - item.at > STALE_MS ? { ...item, failed: item.failed || "old" } : item);
    }
  }

  /** @param {string} name @returns {Pending | null} */
  #read(name) {
    try {
      const item = JSON.parse(this.o.keep.get(name));
      return typeof item.text === "string" && typeof item.id === "string" ? item : null;
    } catch {
      return null;
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
  }

  /** @param {string} key @param {object} frame */
  #wish(key, frame) {
    this.#wishes.set(key, { frame, sent: false });
    this.#flush();
  }

  #connect() {
    this.#clear("retry");
    if (this.o.state().link !== "lost") this.o.dispatch({ type: "link", link: "connecting" });
    this.#later("watch", () => (this.#hangUp(), this.#lost()), HELLO_MS);
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

  /** Lets go of the connection without waiting for its end. */
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
    this.#ws = null;
    this.#welcomed = 0;
    this.#land();
    this.#tries += 1;
    // one quick retry goes unnoticed; after that the shopper is told
    dispatch({ type: "link", link: this.#tries > 1 ? "lost" : "connecting" });
    this.#later("retry", () => this.#connect(), Math.max(backoff(this.#tries, env.random()), this.#notBefore - env.now()));
  }

  #anew() {
    this.#hangUp();
    this.#connect();
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#ws?.readyState === 1) this.#ws.send(JSON.stringify(frame));
  }

  /** @param {any} data */
  #hear(data) {
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return; // not of this protocol
    }
    if (frame?.type === "welcome" && !this.#sameThread(frame)) return this.#anew();
    if (frame?.type === "error" && this.#refused(frame)) return;
    if (frame) this.o.dispatch({ type: "frame", frame, now: this.o.env.now() });
    this.#follow(frame ?? {});
    this.#flush();
  }

  /** Keeps the token. False if what is shown belongs to another conversation: then all of it is asked for anew.
   * @param {import("./types").Welcome} frame */
  #sameThread(frame) {
    this.o.keep.set(`${this.o.key}:token`, frame.token);
    const { conversation } = this.o.state();
    const same = !conversation || (conversation === frame.conversation && frame.last_seq >= this.#after);
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
    const { messages } = this.o.state();
    const at = reached(messages);
    // asked for once: a hole that stays was never meant for the shopper
    if (at === messages.at(-1)?.seq || at === this.#hole) return;
    this.#later("hole", () => this.#mend(at), HOLE_MS);
  }

  /** @param {number} at */
  #mend(at) {
    if (reached(this.o.state().messages) !== at || !this.#welcomed) return;
    this.#hole = at;
    this.#anew();
  }

  /** @param {string} phase */
  #phase(phase) {
    const wish = this.#wishes.get("phase");
    const done = wish?.frame.type === "withdraw" ? phase === "bot" : phase === "waiting" || phase === "staff";
    if (wish?.sent && done) this.#wishes.delete("phase");
  }

  /** Whether the error was dealt with here and the shopper need not hear of it. @param {import("./types").ErrorFrame} frame */
  #refused({ code, ref, retry_after_s }) {
    const { env, keep, key, dispatch } = this.o;
    const wait = (retry_after_s ?? 0) * 1000;
    if (code === "wrong_version") {
      this.stop();
      dispatch({ type: "link", link: "outdated" });
      return true;
    }
    if (code === "bad_token" && !this.#welcomed) {
      const token = keep.get(`${key}:token`);
      if (!token && !this.#identity) return false;
      // a token can run out; an identity that is refused is not tried twice
      if (token) (keep.set(`${key}:token`, ""), dispatch({ type: "reset" }));
      else this.#identity = "";
      this.#anew();
      return true;
    }
    if (!this.#welcomed) this.#notBefore = env.now() + wait;
    const item = ref && this.#queue.get(ref);
    if (item) this.#bounced(item, code, wait);
    for (const [name, wish] of this.#wishes) {
      if (ref && (wish.frame.id === ref || wish.frame.type === ref) && !FOR_LATER.test(code)) this.#wishes.delete(name);
    }
    return false;
  }

  /** @param {Pending} item @param {string} code @param {number} wait */
  #bounced(item, code, wait) {
    if (!FOR_LATER.test(code)) {
      this.#land();
      return this.#pend({ ...item, failed: code });
    }
    // still in flight for `#flush`, so that nothing overtakes it
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
      // gone from storage: another tab discarded it, or saw it arrive
      if (!this.o.keep.get(`${this.o.key}:out:${item.id}`)) {
        this.discard(item.id);
        continue;
      }
      this.#flying = item.id;
      this.#later("watch", () => (this.#hangUp(), this.#lost()), ACK_MS);
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
