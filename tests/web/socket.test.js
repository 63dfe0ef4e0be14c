/** The socket against a server in miniature, on a clock, dice and storage of the test's own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_MS, Keep, Socket, backoff, clean } from "../../web/socket.js";
import { fresh, reached, reduce } from "../../web/thread.js";
import { chance } from "./chance.js";
import { Clock, Shelf } from "./stage.js";

const KEY = "aisle:test";

/** One transcript; commits by client id, answers hello with welcome, replay, status, as frames.py says. */
class Server {
  messages = [];
  sockets = [];
  heard = [];
  up = true;
  conversation = "c-1";
  /** May swallow or change: (frame, socket) => true if it was dealt with. */
  tap = () => false;

  socket() {
    const server = this;
    return class {
      readyState = 0;
      onopen = null; onmessage = null; onclose = null;
      constructor() { server.sockets.push(this); }
      send(text) { if (this.readyState === 1) server.hear(this, JSON.parse(text)); }
      close() { this.readyState = 3; }
      tell(frame) { if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(frame) }); }
    };
  }
  get line() { return this.sockets.at(-1); }
  /** Lets the newest connection come about, or fail. */
  admit() {
    const s = this.line;
    if (s?.readyState !== 0) return;
    if (this.up) { s.readyState = 1; s.onopen?.(); } else this.cut();
  }
  cut() {
    const s = this.line;
    if (!s || s.readyState === 3) return;
    s.readyState = 3;
    s.onclose?.({ code: 1006 });
  }
  commit(author, text, more = {}) {
    const old = more.id && this.messages.find((m) => m.id === more.id);
    if (old) return old;
    const m = { type: "message", seq: this.messages.length + 1, at: "2026-11-22T10:00:00Z", author, text, ...more };
    this.messages.push(m);
    return m;
  }
  hear(s, frame) {
    this.heard.push(frame);
    if (this.tap(frame, s)) return;
    if (frame.type === "hello") {
      s.tell({ type: "welcome", v: 1, conversation: this.conversation, token: `t-${this.conversation}`, shop: "S", lang: "en", last_seq: this.messages.length, greeting: "", max_chars: 2000 });
      for (const m of this.messages) if (m.seq > frame.after_seq) s.tell(m);
      s.tell({ type: "status", phase: "bot" });
    } else if (frame.type === "say") {
      const m = this.commit("shopper", frame.text, { id: frame.id });
      s.tell({ type: "ack", id: frame.id, seq: m.seq, at: m.at });
    }
  }
  said(type = "say") { return this.heard.filter((f) => f.type === type); }
}

function page({ server = new Server(), shelf = new Shelf(), clock = new Clock(), random = chance(1) } = {}) {
  const world = { server, shelf, clock, state: fresh(), links: [] };
  let n = 0;
  world.socket = new Socket({
    url: "ws://shop/ws", key: KEY, keep: new Keep(() => shelf),
    env: {
      WebSocket: server.socket(), now: () => clock.now, random: random.next,
      id: () => `id-${Math.floor(random.next() * 1e9)}-${++n}-${clock.now}`,
      setTimeout: (f, ms) => clock.set(f, ms), clearTimeout: (t) => clock.clear(t),
    },
    state: () => world.state,
    dispatch: (action) => {
      if (action.type === "link") world.links.push(action.link);
      world.state = reduce(world.state, action);
    },
    about: () => ({ lang: "en", page: { url: "https://shop.example/", product: "" } }),
  });
  return world;
}
const started = (options) => { const w = page(options); w.socket.start(); w.server.admit(); return w; };
const texts = (w) => w.server.messages.map((m) => m.text);

test("hello comes first, carries version, page and language, and a token from the second time on", () => {
  const w = started();
  assert.deepEqual(w.server.heard, [{ type: "hello", v: 1, after_seq: 0, lang: "en", page: { url: "https://shop.example/", product: "" } }]);
  w.server.cut();
  w.clock.pass(1000);
  w.server.admit();
  assert.equal(w.server.heard[1].token, "t-c-1");
  assert.equal(w.state.link, "open");
});

test("a message written without a connection is kept, shown, and sent once there is one", () => {
  const w = page();
  w.server.up = false;
  w.socket.start();
  w.socket.say("hello?");
  assert.deepEqual(w.state.outbox.map((p) => p.text), ["hello?"]);
  w.server.admit();
  w.server.up = true;
  w.clock.pass(2000);
  w.server.admit();
  assert.deepEqual(texts(w), ["hello?"]);
  assert.deepEqual(w.state.outbox, []);
  assert.deepEqual(w.shelf.map.size, 1, "only the token stays in storage");
});

test("a message that was committed without its ack is sent again under the same id and is there once", () => {
  const w = started();
  w.server.tap = (frame) => frame.type === "say" && !!w.server.commit("shopper", frame.text, { id: frame.id });
  w.socket.say("only once");
  w.server.cut();
  w.server.tap = () => false;
  w.clock.pass(1000);
  w.server.admit();
  assert.deepEqual(texts(w), ["only once"]);
  assert.deepEqual(w.state.messages.map((m) => m.text), ["only once"]);
  assert.deepEqual(w.state.outbox, []);
});

test("what a closed page did not get through, the next page sends under the same id", () => {
  const first = page();
  first.server.up = false;
  first.socket.start();
  first.socket.say("one");
  first.clock.pass(5);
  first.socket.say("two");
  const ids = first.state.outbox.map((p) => p.id);
  first.socket.end();
  const second = page({ shelf: first.shelf, clock: first.clock, random: chance(2) });
  assert.ok(second.socket.known);
  second.socket.start();
  second.server.admit();
  assert.deepEqual(second.server.said().map((f) => f.id), ids);
  assert.deepEqual(texts(second), ["one", "two"]);
});

test("a message of the day before is not sent behind the shopper's back", () => {
  const first = page();
  first.socket.say("buy it now");
  const w = page({ shelf: first.shelf, clock: first.clock });
  w.clock.pass(25 * 3600_000);
  w.socket.start();
  w.server.admit();
  assert.deepEqual([w.server.said().length, w.state.outbox[0].failed], [0, "old"]);
  w.socket.retry(w.state.outbox[0].id);
  assert.deepEqual(texts(w), ["buy it now"]);
});

test("one message is in flight at a time, and the next goes after its ack", () => {
  const w = started();
  const held = [];
  w.server.tap = (frame) => frame.type === "say" && !!held.push(frame);
  w.socket.say("a");
  w.socket.say("b");
  assert.deepEqual(held.map((f) => f.text), ["a"]);
  w.server.line.tell({ type: "ack", id: held[0].id, seq: 1, at: "" });
  assert.deepEqual(held.map((f) => f.text), ["a", "b"]);
});

test("a server that is busy gets the message again later, in order; one that refuses it does not", () => {
  const w = started();
  w.server.tap = (frame, s) => {
    if (frame.type !== "say") return false;
    const [code, retry] = frame.text === "never" ? ["too_large"] : ["busy", 7];
    s.tell({ type: "error", code, message: "", ref: frame.id, retry_after_s: retry });
    return true;
  };
  w.socket.say("never");
  w.socket.say("a");
  w.socket.say("b");
  assert.deepEqual(w.state.outbox.map((p) => p.failed), ["too_large", "", ""]);
  assert.equal(w.state.notice.code, "busy");
  w.clock.pass(6900);
  assert.equal(w.server.said().length, 2);
  w.server.tap = () => false;
  w.clock.pass(200);
  assert.deepEqual(texts(w), ["a", "b"]);
  w.socket.discard(w.state.outbox[0].id);
  assert.deepEqual([w.state.outbox, [...w.shelf.map.keys()]], [[], [`${KEY}:token`]]);
});

test("a message that came too fast for the server to look into is sent again after the pause", () => {
  const w = started();
  w.server.tap = (frame, s) => frame.type === "say" && (s.tell({ type: "error", code: "rate_limited", message: "", retry_after_s: 2 }), true);
  w.socket.say("quick");
  w.server.tap = () => false;
  w.clock.pass(2100);
  assert.deepEqual([texts(w), w.server.sockets.length], [["quick"], 1]);
});

test("a connection that swallows messages, or never says welcome, is given up for a new one", () => {
  const w = page();
  w.socket.start();
  w.server.tap = () => true;
  w.server.admit();
  w.clock.pass(ANSWER_MS + 2000);
  assert.equal(w.server.sockets.length, 2);
  w.server.tap = (frame) => frame.type === "say";
  w.server.admit();
  w.socket.say("anybody?");
  w.clock.pass(ANSWER_MS + 5000);
  assert.equal(w.server.sockets.length, 3);
  w.server.tap = () => false;
  w.server.admit();
  assert.deepEqual(texts(w), ["anybody?"]);
});

test("waiting doubles to half a minute with chance in it, and never ends", () => {
  for (let tries = 1; tries < 2000; tries++) {
    const [least, most] = [backoff(tries, 0), backoff(tries, 0.999999)];
    assert.ok(least >= 250 && most <= 30_000 && most > least * 1.9, `try ${tries}`);
  }
  const w = page();
  w.server.up = false;
  w.socket.start();
  for (let i = 0; i < 200; i++) { w.server.admit(); w.clock.pass(30_000); }
  assert.ok(w.server.sockets.length > 190);
  assert.equal(w.links.at(-1), "lost");
});

test("one quick loss goes unmentioned; a server that welcomes and drops is not stormed", () => {
  const w = started();
  w.clock.pass(60_000);
  w.links.length = 0;
  w.server.cut();
  assert.deepEqual(w.links, ["connecting"]);
  for (let i = 0; i < 60; i++) { w.clock.pass(1000); w.server.admit(); w.server.cut(); }
  assert.ok(w.server.sockets.length < 12, `${w.server.sockets.length} connections in a minute`);
});

test("waking tries at once, and with a changed network anew", () => {
  const w = started();
  w.server.up = false;
  w.server.cut();
  w.server.admit();
  const before = w.server.sockets.length;
  w.socket.wake();
  assert.equal(w.server.sockets.length, before + 1);
  w.server.up = true;
  w.server.admit();
  w.socket.wake();
  assert.equal(w.server.sockets.length, before + 1, "a good connection is left alone");
  w.socket.wake(true);
  assert.equal(w.server.sockets.length, before + 2);
});

test("a token that is refused is forgotten, and a new conversation takes what was unsent", () => {
  const w = started();
  w.server.commit("bot", "old words");
  w.server.line.tell(w.server.messages[0]);
  w.server.cut();
  w.socket.say("still me");
  w.server.tap = (frame, s) => frame.token === "t-c-1" && (s.tell({ type: "error", code: "bad_token", message: "" }), true);
  w.server.conversation = "c-2";
  w.server.messages = [];
  w.clock.pass(1000);
  w.server.admit();
  w.server.admit();
  assert.deepEqual(w.state.messages.map((m) => m.text), ["still me"]);
  assert.equal(w.shelf.getItem(`${KEY}:token`), "t-c-2");
});

test("another conversation behind the same page replaces what is shown, whole", () => {
  const w = started();
  w.server.commit("bot", "for nobody");
  w.server.line.tell(w.server.messages[0]);
  w.server.conversation = "c-2";
  w.server.messages = [];
  w.server.commit("bot", "for Ada");
  w.socket.identify("jwt");
  w.server.admit();
  w.server.admit();
  assert.deepEqual(w.state.messages.map((m) => m.text), ["for Ada"]);
  assert.deepEqual(w.server.said("hello").map((f) => [f.identity, f.after_seq]), [[undefined, 0], ["jwt", 1], ["jwt", 0]]);
});

test("a wish for a person is repeated after a reconnect until it is granted, and only the last one counts", () => {
  const w = started();
  w.socket.ask();
  w.socket.withdraw();
  w.socket.ask();
  w.server.cut();
  w.clock.pass(1000);
  w.server.admit();
  const asked = w.server.said("ask_staff");
  assert.equal(asked.at(-1).id, asked.at(-2).id);
  w.server.line.tell({ type: "status", phase: "waiting" });
  w.server.cut();
  w.clock.pass(1000);
  w.server.admit();
  assert.equal(w.server.said("ask_staff").length, asked.length);
});

test("a rating is repeated until it is confirmed", () => {
  const w = started();
  w.server.commit("bot", "a");
  w.server.line.tell(w.server.messages[0]);
  w.socket.rate(1, 1);
  w.server.cut();
  w.clock.pass(1000);
  w.server.admit();
  w.server.line.tell({ type: "rated", seq: 1, value: 1 });
  w.server.cut();
  w.clock.pass(2000);
  w.server.admit();
  assert.equal(w.server.said("rate").length, 2);
});

test("a protocol that is too new ends the tries and asks for a reload", () => {
  const w = page();
  w.socket.start();
  w.server.tap = (frame, s) => (s.tell({ type: "error", code: "wrong_version", message: "" }), true);
  w.server.admit();
  w.clock.pass(600_000);
  assert.deepEqual([w.state.link, w.server.sockets.length], ["outdated", 1]);
});

test("text is made fit for the server: no NUL, no half surrogate, no empty message", () => {
  assert.equal(clean(" a\0b\ud83dc 🏕 "), "ab\ufffdc 🏕");
  const w = started();
  w.socket.say(" \n\0 ");
  assert.deepEqual([w.server.said(), w.state.outbox], [[], []]);
});

test("storage that throws costs nothing but memory over page loads", () => {
  const shelf = new Shelf();
  shelf.setItem = () => { throw new Error("QuotaExceededError"); };
  const w = started({ shelf });
  w.socket.say("through");
  assert.deepEqual(texts(w), ["through"]);
});

test("broken frames from the server are passed over", () => {
  const w = started();
  for (const data of ["", "{", "null", "[]", "7", '{"type":5}']) w.server.line.onmessage({ data });
  w.socket.say("fine");
  assert.deepEqual(texts(w), ["fine"]);
});

test("stopped, it holds no timer and no connection", () => {
  const w = started();
  w.socket.say("x");
  w.server.cut();
  w.socket.end();
  assert.equal(w.clock.timers.size, 0);
  w.socket.wake(true);
  assert.equal(w.server.line.readyState, 3);
});

test("over any sequence of cuts, losses and reloads each message is committed once, in order, and shown as committed", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = chance(seed);
    const server = new Server();
    const options = { server, shelf: new Shelf(), clock: new Clock(), random };
    let w = page(options);
    w.socket.start();
    const written = [];
    let swallow = 0;
    server.tap = (frame) => {
      if (frame.type !== "say" || swallow <= 0) return false;
      swallow--;
      // lost on the way there, or on the way back
      if (random.below(2)) server.commit("shopper", frame.text, { id: frame.id });
      return true;
    };
    const moves = [
      () => { const text = `m${written.length}`; written.push(text); w.socket.say(text); },
      () => server.cut(),
      () => server.admit(),
      () => w.clock.pass(random.below(20_000)),
      () => { server.up = random.below(3) > 0; },
      () => { swallow = 1 + random.below(2); },
      () => w.socket.wake(random.below(2) === 0),
      () => { const m = server.commit("bot", "answer"); server.line?.tell(m); },
      () => { w.socket.end(); if (server.line) server.line.readyState = 3; w.clock.pass(1); w = page(options); w.socket.start(); },
    ];
    for (let step = 0; step < 60; step++) { random.pick(moves)(); w.clock.pass(1); }
    server.up = true;
    swallow = 0;
    for (let i = 0; i < 120; i++) { server.admit(); w.clock.pass(1_000); }
    server.admit();
    const mine = server.messages.filter((m) => m.author === "shopper").map((m) => m.text);
    assert.deepEqual(mine, written, `seed ${seed}`);
    assert.deepEqual(w.state.messages.map((m) => [m.seq, m.text]), server.messages.map((m) => [m.seq, m.text]), `seed ${seed}`);
    assert.deepEqual(w.state.outbox, [], `seed ${seed}`);
    assert.equal(reached(w.state.messages), server.messages.length);
  }
});
