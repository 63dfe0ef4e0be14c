/** The reducer: whatever is lost, doubled or late, the shopper sees what the transcript says. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { TYPING_MS, answering, due, fresh, reached, reduce, unread } from "../../web/thread.js";
import { chance } from "./chance.js";

const AT = "2026-11-22T10:00:00Z";
const hear = (state, ...frames) => frames.reduce((s, frame) => reduce(s, { type: "frame", frame, now: 1000 }), state);
const said = (seq, text, more = {}) => ({ type: "message", seq, at: AT, author: "shopper", text, ...more });
const reply = (seq, turn, text, more = {}) => ({ type: "message", seq, at: AT, author: "bot", text, turn, ...more });
const pend = (state, id, text) => reduce(state, { type: "pending", item: { id, text, at: 1, failed: "" } });
const WELCOME = { type: "welcome", v: 1, conversation: "c", token: "t", shop: "S", lang: "en", last_seq: 0, greeting: "Hi", choices: ["a"], max_chars: 500 };
const STATUS = { type: "status", phase: "bot" };

/** A conversation as a server would tell it live: all frames in order, answers in overlapping pieces with emoji inside. */
function script(random) {
  const frames = [];
  let seq = 0;
  for (let turn = 0; turn < 1 + random.below(5); turn++) {
    const mine = ++seq;
    frames.push(said(mine, `question ${mine}`, { id: `id-${mine}-xxxx` }));
    if (random.below(4) === 0) frames.push({ type: "message", seq: ++seq, at: AT, author: "system", text: "", event: "ask_staff" });
    const text = Array.from({ length: 3 + random.below(30) }, () => random.pick(["a", "b", " ", "é", "退", "🏕️", "👩🏽‍🚀"])).join("");
    const chars = Array.from(text);
    frames.push({ type: "typing", author: "bot", on: true });
    for (let offset = 0; offset < chars.length; ) {
      const size = 1 + random.below(6);
      frames.push({ type: "delta", turn: mine, offset, text: chars.slice(offset, offset + size).join("") });
      offset += size;
    }
    frames.push(reply(++seq, mine, text, { citations: [{ n: 1, passage: "p", title: "T", excerpt: "E", url: "" }] }));
  }
  return frames;
}

const shown = (state) => ({ messages: state.messages, outbox: state.outbox, draft: state.draft && state.draft.text, phase: state.phase });

test("any prefix, then reconnect with after_seq and replay, shows what a fresh page shows", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const random = chance(seed);
    const frames = script(random);
    const all = frames.filter((f) => f.type === "message");
    let state = hear(fresh(), WELCOME, STATUS);
    let at = 0;
    while (at < frames.length) {
      const cut = at + 1 + random.below(frames.length - at);
      state = hear(state, ...frames.slice(at, cut));
      state = reduce(state, { type: "link", link: "lost" });
      // meanwhile the server goes on; what was sent into the void is only in the transcript
      const gone = Math.min(frames.length, cut + random.below(6));
      const seen = frames.slice(0, gone).filter((f) => f.type === "message");
      state = hear(state, { ...WELCOME, last_seq: seen.length }, ...seen.filter((m) => m.seq > reached(state.messages)), STATUS);
      state = reduce(state, { type: "link", link: "open" });
      at = gone;
    }
    const page = hear(fresh(), WELCOME, ...all, STATUS);
    assert.deepEqual(shown(state), shown(page), `seed ${seed}`);
  }
});

test("frames that come twice, or deltas in any order, change nothing in the end", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = chance(seed);
    const frames = script(random);
    const noisy = frames.flatMap((f) => (random.below(3) === 0 ? [f, f] : [f]));
    const once = hear(fresh(), ...frames);
    assert.deepEqual(shown(hear(fresh(), ...noisy)), shown(once), `doubled, seed ${seed}`);
    const last = frames.findLastIndex((f) => f.type === "delta");
    const deltas = frames.filter((f) => f.type === "delta" && f.turn === frames[last].turn);
    const whole = hear(fresh(), ...deltas).draft;
    const mixed = [...deltas, ...deltas].sort(() => random.next() - 0.5);
    assert.equal(hear(fresh(), ...mixed).draft.text, whole.text, `mixed, seed ${seed}`);
    assert.equal(whole.chars, Array.from(whole.text).length);
  }
});

test("offsets count code points, as the server does, not UTF-16 units", () => {
  const state = hear(fresh(), { type: "delta", turn: 1, offset: 0, text: "🏕🏕" }, { type: "delta", turn: 1, offset: 2, text: "!" });
  assert.equal(state.draft.text, "🏕🏕!");
});

test("a piece past a gap waits until the gap is filled", () => {
  let state = hear(fresh(), { type: "delta", turn: 1, offset: 3, text: "def" });
  assert.equal(state.draft.text, "");
  state = hear(state, { type: "delta", turn: 1, offset: 0, text: "abc" });
  assert.equal(state.draft.text, "abcdef");
});

test("an answer begun anew by another worker replaces the half one", () => {
  let state = hear(fresh(), { type: "delta", turn: 1, offset: 0, text: "Six to nine" });
  state = hear(state, { type: "delta", turn: 1, offset: 0, text: "Standard" }, { type: "delta", turn: 1, offset: 8, text: " takes" });
  assert.equal(state.draft.text, "Standard takes");
});

test("the final message wins over its deltas, also over those that come late", () => {
  let state = hear(fresh(), { type: "delta", turn: 1, offset: 0, text: "Maybe" }, reply(2, 1, "Certainly"));
  assert.equal(state.draft, null);
  state = hear(state, { type: "delta", turn: 1, offset: 5, text: " not" });
  assert.equal(state.draft, null);
  assert.deepEqual(state.messages.map((m) => m.text), ["Certainly"]);
});

test("an unsent message stands last and becomes the committed one by ack or by message, once", () => {
  let state = pend(pend(hear(fresh(), said(1, "old")), "client-id-1", "one"), "client-id-2", "two");
  assert.deepEqual(state.outbox.map((p) => p.text), ["one", "two"]);
  state = hear(state, { type: "ack", id: "client-id-1", seq: 2, at: AT }, said(2, "one", { id: "client-id-1" }));
  assert.deepEqual(state.messages.map((m) => m.text), ["old", "one"]);
  state = hear(state, said(3, "two", { id: "client-id-2" }), { type: "ack", id: "client-id-2", seq: 3, at: AT });
  assert.deepEqual(state.messages.map((m) => m.seq), [1, 2, 3]);
  assert.deepEqual(state.outbox, []);
  assert.deepEqual(pend(state, "client-id-2", "two").outbox, [], "a late echo of the outbox does not bring it back");
});

test("messages are ordered by seq whatever order they come in", () => {
  const state = hear(fresh(), said(3, "c"), said(1, "a"), said(2, "b"));
  assert.deepEqual(state.messages.map((m) => m.text), ["a", "b", "c"]);
});

test("what hello may claim ends before the first hole", () => {
  const at = (...seqs) => reached(seqs.map((seq) => ({ seq })));
  assert.deepEqual([at(), at(1, 2, 3), at(1, 2, 4), at(5, 6)], [0, 3, 2, 6]);
});

test("a typing indicator cannot stick: time, a message, or a lost line ends it", () => {
  const typing = hear(fresh(), { type: "typing", author: "bot", on: true }, { type: "typing", author: "staff", on: true });
  assert.ok(answering(typing, 1001));
  assert.equal(due(typing, 1001), 1000 + TYPING_MS.staff);
  const later = reduce(typing, { type: "tick", now: 1000 + TYPING_MS.bot });
  assert.deepEqual([answering(later, 1000 + TYPING_MS.bot), later.typing.staff, due(later, 1e6)], [false, 0, Infinity]);
  assert.equal(answering(hear(typing, reply(1, 1, "x")), 1001), false);
  assert.equal(answering(reduce(typing, { type: "link", link: "connecting" }), 1001), false);
  const draft = hear(fresh(), { type: "delta", turn: 1, offset: 0, text: "a" });
  assert.equal(answering(reduce(draft, { type: "link", link: "lost" }), 1001), false);
  assert.equal(reduce(draft, { type: "link", link: "lost" }).draft.text, "a", "what was read stays");
});

test("unread counts what others wrote since the shopper last looked", () => {
  let state = hear(fresh(), said(1, "q"), reply(2, 1, "a"), { type: "message", seq: 3, at: AT, author: "staff", text: "hello" });
  assert.equal(unread(state), 2);
  state = reduce(state, { type: "seen", seq: 3 });
  assert.equal(unread(state), 0);
  assert.equal(reduce(state, { type: "seen", seq: 1 }).seen, 3, "never back");
});

test("a rating is shown at once and set right by the server, other messages untouched", () => {
  const state = hear(fresh(), reply(1, 9, "a"), reply(2, 8, "b"));
  const rated = reduce(state, { type: "rate", seq: 1, value: 1 });
  assert.equal(rated.messages[0].rating, 1);
  assert.equal(rated.messages[1], state.messages[1]);
  assert.equal(hear(rated, { type: "rated", seq: 1, value: -1 }).messages[0].rating, -1);
});

test("the same message again keeps its identity, so that nothing is drawn again", () => {
  const state = hear(fresh(), said(1, "a"));
  assert.equal(hear(state, said(1, "a")).messages[0], state.messages[0]);
  assert.notEqual(hear(state, said(1, "redacted")).messages[0], state.messages[0]);
});

test("frames of a newer server are ignored", () => {
  const state = hear(fresh(), said(1, "a"));
  assert.equal(hear(state, { type: "hologram", seq: 4 }), state);
  assert.equal(hear(state, { type: "message", text: "no place" }), state);
});

test("a reset forgets the conversation and keeps what was not sent", () => {
  const state = reduce(pend(hear(fresh(), WELCOME, said(1, "a")), "client-id-1", "mine"), { type: "reset" });
  assert.deepEqual([state.messages, state.conversation, state.outbox.length], [[], "", 1]);
});
