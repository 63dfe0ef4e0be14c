/** The desk's line against a server in miniature, on a clock, dice and storage of the test's own. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { ANSWER_MS, Keep } from "../../web/socket.js";
import { DeskSocket } from "../../web/staff/socket.js";
import { fresh, reduce } from "../../web/staff/state.js";
import { chance } from "./chance.js";
import { Clock, Shelf } from "./stage.js";

const AT = "2026-11-22T10:00:00Z";
const summary = (conversation) => ({ conversation, phase: "staff", staff: "mei", reason: null, lang: "en", mood: "calm", opened_at: AT, last_at: AT, messages: 0, rating: 0, lines: ["", ""] });

/** One transcript of one conversation; what comes under a known id is done once. */
class Server {
  sockets = [];
  heard = [];
  done = new Map();
  messages = [];
  up = true;
  me = "mei";
  /** May swallow: (frame, socket) => true if it was dealt with. */
  tap = () => false;

  socket() {
    const server = this;
    return class {
      readyState = 0;
      onmessage = null; onclose = null;
      constructor() { server.sockets.push(this); }
      send(text) { if (this.readyState === 1) server.hear(this, JSON.parse(text)); }
      close() { this.readyState = 3; }
      tell(frame) { if (this.readyState === 1) this.onmessage?.({ data: JSON.stringify(frame) }); }
    };
  }
  get line() { return this.sockets.at(-1); }
  admit(v = 1) {
    const s = this.line;
    if (s?.readyState !== 0) return;
    if (!this.up) return this.cut();
    s.readyState = 1;
    s.tell({ type: "desk", v, me: { name: this.me, role: "staff" }, conversations: [summary("c-1")], hours: { open: true, text: "" } });
  }
  cut(code = 1006) {
    const s = this.line;
    if (!s || s.readyState === 3) return;
    s.readyState = 3;
    s.onclose?.({ code });
  }
  hear(s, frame) {
    this.heard.push(frame);
    if (this.tap(frame, s)) return;
    if (frame.type === "watch") return s.tell({ type: "opened", conversation: frame.conversation, messages: this.messages, notes: [] });
    if (!frame.id) return;
    if (!this.done.has(frame.id)) {
      this.done.set(frame.id, frame);
      if (frame.type === "reply") {
        this.messages = [...this.messages, { seq: this.messages.length + 1, at: AT, author: "staff", staff: "mei", text: frame.text, id: frame.id }];
        s.tell({ type: "message", conversation: "c-1", message: this.messages.at(-1) });
      }
    }
    s.tell({ type: "done", id: frame.id });
  }
  of(type) { return this.heard.filter((f) => f.type === type); }
}

/** A page: `again()` is the same browser later. */
function page(server, { shelf = new Shelf(), clock = new Clock(), random = () => 0.5 } = {}) {
  let n = 0;
  const p = { state: fresh(), out: 0, checks: 0, shelf, clock };
  p.line = new DeskSocket({
    url: "ws://desk", key: "desk", keep: new Keep(() => shelf),
    env: {
      WebSocket: server.socket(), now: () => clock.now, random, id: () => `id-${clock.now}-${++n}-xxxx`,
      setTimeout: (f, ms) => clock.set(f, ms), clearTimeout: (t) => clock.clear(t),
    },
    state: () => p.state, dispatch: (action) => (p.state = reduce(p.state, action)), out: () => p.out++, check: () => p.checks++,
  });
  p.line.start();
  return p;
}

test("whatever is cut, and whenever, each reply is there once, in order, and none is left unsent", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = chance(seed);
    const server = new Server();
    const shelf = new Shelf();
    const clock = new Clock();
    let p = page(server, { shelf, clock, random: random.next });
    // some frames are lost, and some answers: the server did it, and the desk does not know
    server.tap = (frame, s) => {
      if (random.below(4) > 0) return false;
      s.readyState = 3;
      if (frame.type === "reply" && random.below(2) && !server.done.has(frame.id)) {
        server.done.set(frame.id, frame);
        server.messages = [...server.messages, { seq: server.messages.length + 1, at: AT, author: "staff", text: frame.text, id: frame.id }];
      }
      s.onclose?.({ code: 1006 });
      return true;
    };
    server.admit();
    p.line.watch("c-1");
    const said = [];
    for (let n = 0; n < 8; n++) {
      said.push(`reply ${n}`);
      p.line.say("reply", "c-1", `reply ${n}`);
      if (random.below(3) === 0) server.cut();
      clock.pass(random.below(4000));
      server.admit();
      if (random.below(6) === 0) {
        p.line.end();
        p = page(server, { shelf, clock, random: random.next });
        server.admit();
        p.line.watch("c-1");
      }
    }
    server.tap = () => false;
    for (let n = 0; n < 90; n++) (clock.pass(1000), server.admit());
    assert.deepEqual(server.messages.map((m) => m.text), said, `seed ${seed}`);
    assert.deepEqual(p.state.outbox, [], `seed ${seed}`);
    assert.deepEqual(p.state.thread.talk.messages.map((m) => m.text), said, `seed ${seed}`);
    assert.deepEqual([...shelf.map.keys()], [], `seed ${seed}`);
  }
});

test("an act in flight when the line breaks is asked again under its id", () => {
  const server = new Server();
  const p = page(server);
  server.admit();
  server.tap = (frame) => frame.type === "close";
  p.line.act("close", "c-1");
  p.line.act("close", "c-1");
  assert.equal(server.of("close").length, 1, "one at a time");
  server.cut();
  server.tap = () => false;
  p.clock.pass(1000);
  server.admit();
  assert.deepEqual(new Set(server.of("close").map((f) => f.id)).size, 1);
  assert.deepEqual([server.of("close").length, p.state.acts.length], [2, 0]);
  p.clock.pass(ANSWER_MS * 2);
  assert.equal(p.state.link, "open", "nothing is waited for any more");
});

test("a line that says nothing is given up, and it is tried for ever", () => {
  const server = new Server();
  const p = page(server);
  p.clock.pass(ANSWER_MS);
  server.admit();
  for (let n = 0; n < 30; n++) {
    server.up = false;
    server.admit();
    p.clock.pass(30_000);
  }
  assert.equal(p.state.link, "lost");
  assert.ok(server.sockets.length > 30);
  assert.ok(p.checks >= 30, "is anybody signed in still?");
  server.up = true;
  p.line.wake();
  server.admit();
  assert.equal(p.state.link, "open");
});

test("a refusal for good is told beside the text, and what follows goes on; a passing one is tried again", () => {
  const server = new Server();
  const p = page(server);
  server.admit();
  let code = "bad_phase";
  server.tap = (frame, s) => frame.text === "one" && (s.tell({ type: "error", id: frame.id, code, message: "" }), true);
  p.line.say("reply", "c-1", "one");
  p.line.say("reply", "c-1", "two");
  assert.deepEqual(p.state.outbox.map((i) => [i.text, i.failed]), [["one", "bad_phase"]]);
  assert.deepEqual(server.messages.map((m) => m.text), ["two"]);
  code = "store_lost";
  p.line.retry(p.state.outbox[0].id);
  p.line.say("reply", "c-1", "three");
  assert.deepEqual(server.messages.map((m) => m.text), ["two"], "nothing overtakes it");
  server.tap = () => false;
  p.clock.pass(30_000);
  assert.deepEqual(server.messages.map((m) => m.text), ["two", "one", "three"]);
  assert.deepEqual(p.state.outbox, []);
});

test("what another person left unsent in this browser is not sent in my name", () => {
  const server = new Server();
  const shelf = new Shelf();
  const first = page(server, { shelf });
  server.admit();
  server.tap = () => true;
  first.line.say("reply", "c-1", "by mei");
  first.line.end();
  server.tap = () => false;
  server.me = "omar";
  const second = page(server, { shelf });
  server.admit();
  assert.deepEqual([server.messages, second.state.outbox], [[], []]);
});

test("the end of the session ends the line; another version asks for a reload", () => {
  const server = new Server();
  const p = page(server);
  server.admit();
  server.cut(4401);
  p.clock.pass(120_000);
  assert.deepEqual([p.out, server.sockets.length], [1, 1]);
  const newer = new Server();
  const old = page(newer);
  newer.admit(2);
  old.clock.pass(120_000);
  assert.deepEqual([old.state.link, newer.sockets.length], ["outdated", 1]);
});

test("typing is said now or never, and watching goes to the new line", () => {
  const server = new Server();
  const p = page(server);
  p.line.typing("c-1", true);
  p.line.watch("c-1");
  server.admit();
  assert.deepEqual(server.heard.map((f) => f.type), ["watch"]);
  p.line.watch("");
  assert.deepEqual(server.heard.at(-1), { type: "unwatch", conversation: "c-1" });
});
