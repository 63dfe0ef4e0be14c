/**
 * The desk's line to the server. Replies and notes are in storage until the server confirms them, and one is in flight
 * at a time; after any loss they go again under the same id. It knows no page.
 *
 * @typedef {import("./types").Item} Item
 * @typedef {import("./types").Act} Act
 */
import { ANSWER_MS, backoff, clean } from "../socket.js";
import { VERSION } from "./state.js";

const SIGNED_OUT = 4401;
const STEADY_MS = 5_000; // resets the waiting time
const FOR_GOOD = /^(bad|too|wrong|refused|forbidden|not_found)/; // these codes; the others pass

/** @param {string} text @returns {any} an object, whatever comes */
function parse(text) {
  try {
    return JSON.parse(text) ?? {};
  } catch {
    return {};
  }
}

export class DeskSocket {
  /** @type {WebSocket | null} */
  #ws = null;
  /** @type {Record<string, any>} */
  #timers = {};
  #on = false;
  #greeted = 0;
  #tries = 0;
  #bounces = 0;
  #flying = "";

  /** @param {import("./types").Wire} o */
  constructor(o) {
    this.o = o;
  }

  start() {
    this.#on = true;
    if (!this.#ws) this.#connect();
  }

  end() {
    this.#on = false;
    this.#hangUp();
    for (const name of Object.keys(this.#timers)) this.#clear(name);
  }

  /** Tries now, as when the network is back. */
  wake() {
    if (this.#on && !this.#ws) this.#connect();
  }

  /** @param {string} conversation "" for none */
  watch(conversation) {
    const old = this.o.state().thread?.conversation;
    if (old === conversation) return;
    if (old) this.#now({ type: "unwatch", conversation: old });
    this.o.dispatch({ type: "watch", conversation });
    this.#look();
  }

  /** @param {Act} act @param {string} conversation */
  act(act, conversation) {
    if (!this.#greeted || this.o.state().acts.some((a) => a.conversation === conversation)) return;
    const id = this.o.env.id();
    this.o.dispatch({ type: "act", id, act, conversation });
    this.#expect("acts");
    this.#send({ type: act, id, conversation });
  }

  /** @param {Item["kind"]} kind @param {string} conversation @param {string} text */
  say(kind, conversation, text) {
    const ready = clean(text);
    if (!ready) return;
    const { env, state } = this.o;
    this.#pend({ id: env.id(), conversation, kind, text: ready, at: env.now(), failed: "", by: state().me.name });
    this.#flush();
  }

  /** @param {string} id */
  retry(id) {
    const item = this.o.state().outbox.find((i) => i.id === id);
    if (!item) return;
    this.#pend({ ...item, failed: "" });
    this.wake();
    this.#flush();
  }

  /** @param {string} id */
  discard(id) {
    this.#settle(id);
    this.o.dispatch({ type: "discard", id });
    this.#flush();
  }

  /** Now or never. @param {string} conversation @param {boolean} on */
  typing(conversation, on) {
    this.#now({ type: "typing", conversation, on });
  }

  #connect() {
    this.#clear("retry");
    if (this.o.state().link !== "lost") this.o.dispatch({ type: "link", link: "connecting" });
    this.#expect("desk");
    try {
      const ws = new this.o.env.WebSocket(this.o.url);
      this.#ws = ws;
      ws.onmessage = (event) => this.#hear(parse(event.data));
      ws.onclose = (event) => this.#lost(event.code);
    } catch {
      this.#lost(0);
    }
  }

  #hangUp() {
    const ws = this.#ws;
    this.#ws = null;
    this.#greeted = 0;
    this.#flying = "";
    for (const name of ["desk", "opened", "acts", "item", "again"]) this.#clear(name);
    if (!ws) return;
    ws.onmessage = ws.onclose = null;
    ws.close();
  }

  /** @param {number} code */
  #lost(code) {
    const { env, dispatch } = this.o;
    const refused = !this.#greeted;
    if (this.#greeted && env.now() - this.#greeted >= STEADY_MS) this.#tries = 0;
    this.#hangUp();
    if (code === SIGNED_OUT) {
      this.end();
      return this.o.out();
    }
    this.#tries += 1;
    // nobody need hear of one quick retry
    dispatch({ type: "link", link: this.#tries > 1 ? "lost" : "connecting" });
    if (refused) this.o.check();
    if (this.#on) this.#later("retry", () => this.#connect(), backoff(this.#tries, env.random()));
  }

  /** @param {any} frame */
  #hear(frame) {
    if (frame.type === "desk" && frame.v !== VERSION) {
      this.end();
      return this.o.dispatch({ type: "link", link: "outdated" });
    }
    if (frame.type === "error" && this.#bounced(frame)) return;
    this.o.dispatch({ type: "frame", frame, now: this.o.env.now() });
    if (frame.type === "desk") this.#begin();
    else if (frame.type === "gone" && frame.conversation === this.o.state().thread?.conversation) this.#look();
    else if (frame.type === "done") this.#settle(frame.id);
    else if (frame.type === "message" && this.o.state().outbox.some((i) => i.id === frame.message.id)) this.discard(frame.message.id);
    if (!this.o.state().acts.length) this.#clear("acts");
    if (!this.o.state().thread?.waiting) this.#clear("opened");
    this.#flush();
  }

  /** What was under way goes on: the same conversation, the same acts, the same unsent replies. */
  #begin() {
    this.#clear("desk");
    if (!this.#greeted) this.#greeted = this.o.env.now();
    this.o.dispatch({ type: "link", link: "open" });
    this.#load();
    this.#look();
    const { acts } = this.o.state();
    if (acts.length) this.#expect("acts");
    for (const { act, id, conversation } of acts) this.#send({ type: act, id, conversation });
  }

  #look() {
    const conversation = this.o.state().thread?.conversation;
    if (!conversation || !this.#greeted) return;
    this.#expect("opened");
    this.#send({ type: "watch", conversation });
  }

  /** What an earlier page of the same person left unsent. */
  #load() {
    const { keep, key, state, dispatch } = this.o;
    const there = new Set(state().outbox.map((i) => i.id));
    const items = keep.keys(`${key}:out:`).map((name) => parse(keep.get(name)));
    for (const item of items) {
      if (item.id && item.text && item.by === state().me.name && !there.has(item.id)) dispatch({ type: "pending", item });
    }
  }

  /** @param {Item} item */
  #pend(item) {
    this.o.keep.set(`${this.o.key}:out:${item.id}`, JSON.stringify(item));
    this.o.dispatch({ type: "pending", item });
  }

  /** @param {string} id */
  #settle(id) {
    this.o.keep.set(`${this.o.key}:out:${id}`, "");
    if (this.#flying === id) this.#land();
  }

  #land() {
    this.#flying = "";
    this.#bounces = 0;
    this.#clear("item");
    this.#clear("again");
  }

  /** Whether that is all. @param {any} error */
  #bounced(error) {
    const item = this.o.state().outbox.find((i) => i.id === error.id);
    if (!item) return false;
    if (FOR_GOOD.test(error.code)) {
      this.#land();
      this.#pend({ ...item, failed: error.code });
      this.#flush();
    } else {
      this.#clear("item"); // stays in flight, so that nothing overtakes it
      this.#later("again", () => ((this.#flying = ""), this.#flush()), backoff(++this.#bounces, this.o.env.random()));
    }
    return true;
  }

  #flush() {
    if (!this.#greeted || this.#flying) return;
    const { state, keep, key } = this.o;
    for (const item of state().outbox) {
      if (item.failed || item.by !== state().me.name) continue;
      // another tab discarded it, or saw it arrive
      if (!keep.get(`${key}:out:${item.id}`)) {
        this.discard(item.id);
        continue;
      }
      this.#flying = item.id;
      this.#expect("item");
      return this.#send({ type: item.kind, id: item.id, conversation: item.conversation, text: item.text });
    }
  }

  /** A connection that says nothing to this in time is dead. @param {string} name */
  #expect(name) {
    this.#later(name, () => this.#lost(0), ANSWER_MS);
  }

  /** @param {object} frame */
  #now(frame) {
    if (this.#greeted) this.#send(frame);
  }

  /** @param {object} frame */
  #send(frame) {
    if (this.#ws?.readyState === 1) this.#ws.send(JSON.stringify(frame));
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
