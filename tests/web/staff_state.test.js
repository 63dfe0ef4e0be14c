/** The desk's reducer: however a page came to its state, it shows what a fresh page would. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { NOTICE_MS, TYPING_MS, allowed, botBusy, counts, fresh, fresher, listed, newcomers, reduce } from "../../web/staff/state.js";
import { chance } from "./chance.js";

const NOW = 1_800_000_000_000;
const at = (n) => new Date(NOW + n * 1000).toISOString();
const hear = (state, ...frames) => frames.reduce((s, frame) => reduce(s, { type: "frame", frame, now: NOW }), state);
const watch = (state, conversation) => reduce(state, { type: "watch", conversation });
const ME = { name: "mei", role: "staff" };
const HOURS = { open: true, text: "9–18" };
const summary = (conversation, more = {}) => ({
  conversation, phase: "bot", reason: null, lang: "en", mood: "calm", opened_at: at(0), last_at: at(0), waiting_since: null, staff: null,
  messages: 1, rating: 0, lines: ["Question", "Answer"], ...more,
});
const desk = (...conversations) => ({ type: "desk", v: 1, me: ME, hours: HOURS, conversations });
const said = (seq, text, more = {}) => ({ seq, at: at(seq), author: "shopper", text, ...more });
const message = (conversation, m) => ({ type: "message", conversation, message: m });
const codes = (state) => state.notices.map((n) => n.code);

/** The server's side of the desk in small: every change says which frames a connection that watches `w` gets. */
class Model {
  tick = 0;
  all = new Map();

  constructor(random) {
    this.random = random;
    for (let n = 0; n < 3; n++) this.add();
  }
  get ids() { return [...this.all.keys()]; }
  add() {
    const c = { s: summary(`c-${this.all.size}-${this.tick++}`, { opened_at: at(this.tick) }), messages: [], notes: [], partial: null };
    this.all.set(c.s.conversation, c);
    return c;
  }
  /** What a new connection is told, then the answer to `watch`. */
  desk() { return desk(...[...this.all.values()].map((c) => c.s)); }
  opened(id) {
    const c = this.all.get(id);
    if (!c) return [{ type: "error", code: "not_found", message: "no such conversation" }];
    const rest = c.partial ? [{ type: "delta", conversation: id, turn: c.partial.turn, offset: 0, text: c.partial.text }] : [];
    return [{ type: "opened", conversation: id, messages: structuredClone(c.messages), notes: structuredClone(c.notes) }, ...rest];
  }
  /** One change: `[frames for the list, frames for those who watch, conversation]`. */
  step() {
    const { random } = this;
    const c = random.below(12) === 0 || !this.all.size ? this.add() : this.all.get(random.pick(this.ids));
    const id = c.s.conversation;
    if (random.below(25) === 0) {
      this.all.delete(id);
      return [[{ type: "gone", conversation: id }], [], id];
    }
    const live = this.#happen(c, id);
    const last = c.messages.at(-1);
    c.s = { ...c.s, messages: c.messages.length, last_at: at(this.tick++), lines: [c.messages[0]?.text ?? "", last?.text ?? ""] };
    return [[{ type: "conversation", summary: c.s }], live, id];
  }
  #happen(c, id) {
    const { random } = this;
    const seq = c.messages.length + 1;
    const commit = (m) => (c.messages.push(m), [message(id, m)]);
    switch (random.below(7)) {
      case 0: return commit(said(seq, `question ${seq}`, { id: `client-${seq}` }));
      case 1: {
        if (c.partial) return this.#finish(c, commit);
        c.partial = { turn: seq - 1, text: "🏕 Std" };
        return [{ type: "delta", conversation: id, turn: seq - 1, offset: 0, text: "🏕 Std" }];
      }
      case 2: {
        if (!c.partial) return [{ type: "typing", conversation: id, author: "shopper", on: true }];
        const offset = Array.from(c.partial.text).length;
        const text = random.pick([" takes", " 退货", "!"]);
        c.partial = { ...c.partial, text: c.partial.text + text };
        return [{ type: "delta", conversation: id, turn: c.partial.turn, offset, text }];
      }
      case 3: {
        const note = { id: `n-${this.tick}`, at: at(this.tick), staff: "omar", text: "see order" };
        c.notes.push(note);
        return [{ type: "note", conversation: id, note }];
      }
      case 4: {
        const m = c.messages.length && random.pick(c.messages);
        if (!m) return [];
        m.rating = random.pick([-1, 0, 1]);
        return [{ type: "rated", conversation: id, seq: m.seq, value: m.rating }];
      }
      case 5: {
        const phase = random.pick(["bot", "waiting", "staff", "closed"]);
        c.s = { ...c.s, phase, staff: phase === "staff" ? random.pick(["mei", "omar"]) : null, waiting_since: phase === "waiting" ? at(this.tick) : null };
        return commit({ seq, at: at(seq), author: "system", text: "", event: "claim" });
      }
      default: return commit(said(seq, "reply by staff", { author: "staff", staff: "mei" }));
    }
  }
  #finish(c, commit) {
    const { turn, text } = c.partial;
    c.partial = null;
    return commit(said(c.messages.length + 1, text, { author: "bot", turn, why: { query: "q", hits: [] } }));
  }
}

/** What is the server's: all but who has seen what, and what is told only once. */
const truth = (state) => ({
  me: state.me, hours: state.hours, conversations: state.conversations,
  thread: state.thread && {
    conversation: state.thread.conversation, waiting: state.thread.waiting, notes: state.thread.notes,
    messages: state.thread.talk.messages, draft: state.thread.talk.draft?.text ?? null,
  },
});

test("an older state plus all frames since, lost lines included, equals a fresh desk and opened", () => {
  for (let seed = 1; seed <= 500; seed++) {
    const random = chance(seed);
    const model = new Model(random);
    let state = hear(fresh(), model.desk());
    let linked = true;
    const look = (id) => {
      state = watch(state, id);
      if (linked) state = hear(state, ...model.opened(id));
    };
    look(random.pick(model.ids));
    for (let n = 0; n < 5 + random.below(60); n++) {
      const [list, live, id] = model.step();
      const frames = [...live, ...list].flatMap((f) => (random.below(6) === 0 ? [f, f] : [f]));
      if (linked) state = hear(state, ...frames.filter((f) => list.includes(f) || id === state.thread?.conversation));
      if (linked && state.thread?.waiting) state = hear(state, ...model.opened(state.thread.conversation)); // it asks again
      if (model.ids.length && random.below(15) === 0) look(random.pick(model.ids));
      if (random.below(20) === 0) {
        linked = false;
        state = reduce(state, { type: "link", link: "lost" });
      } else if (!linked && random.below(3) === 0) {
        linked = true;
        state = hear(state, model.desk());
        const watched = state.thread?.conversation;
        if (watched) state = hear(state, ...model.opened(watched));
      }
    }
    if (!linked) {
      state = hear(state, model.desk());
      if (state.thread) state = hear(state, ...model.opened(state.thread.conversation));
    }
    let page = hear(fresh(), model.desk());
    if (state.thread) page = hear(watch(page, state.thread.conversation), ...model.opened(state.thread.conversation));
    assert.deepEqual(truth(state), truth(page), `seed ${seed}`);
  }
});

test("frames that overtake the answer to watch are laid over it", () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = chance(seed);
    const model = new Model(random);
    const id = model.ids[0];
    let state = watch(hear(fresh(), model.desk()), id);
    // the server subscribes first, reads at some moment, and answers later; frames of the whole time come before
    let answer = model.opened(id);
    const until = random.below(12);
    for (let n = 0; n < 12 && model.all.has(id); n++) {
      const [, live, of] = model.step();
      if (of === id) state = hear(state, ...live);
      if (n < until && model.all.has(id)) answer = model.opened(id);
    }
    if (!model.all.has(id)) continue;
    state = hear(state, ...answer);
    const page = hear(watch(hear(fresh(), model.desk()), id), ...model.opened(id));
    const shown = ({ thread }) => ({ messages: thread.talk.messages, notes: thread.notes });
    assert.deepEqual(shown(state), shown(page), `seed ${seed}`);
  }
});

test("waiting ones stand first, the longest first; the rest by who has them, the latest first", () => {
  const state = hear(fresh(), desk(
    summary("old-bot", { last_at: at(1) }), summary("new-bot", { last_at: at(9) }), summary("closed", { phase: "closed" }),
    summary("mine", { phase: "staff", staff: "mei" }), summary("theirs", { phase: "staff", staff: "omar" }),
    summary("w2", { phase: "waiting", waiting_since: at(5) }), summary("w1", { phase: "waiting", waiting_since: at(2) }),
  ));
  const ids = (s) => listed(s).flatMap((part) => part.rows.map((row) => row.conversation));
  assert.deepEqual(ids(state), ["w1", "w2", "mine", "theirs", "new-bot", "old-bot", "closed"]);
  assert.deepEqual(counts(state), { all: 7, waiting: 2, mine: 1, others: 1, bot: 2, closed: 1 });
  assert.deepEqual(ids(reduce(state, { type: "filter", filter: "bot" })), ["new-bot", "old-bot"]);
});

test("one who began to wait is new, also while the line was lost; the first desk brings none", () => {
  const first = hear(fresh(), desk(summary("a", { phase: "waiting" })));
  assert.deepEqual(newcomers(fresh(), first), []);
  const later = hear(first, { type: "conversation", summary: summary("b", { phase: "waiting" }) });
  assert.deepEqual(newcomers(first, later).map((s) => s.conversation), ["b"]);
  const back = hear(reduce(later, { type: "link", link: "lost" }), desk(summary("a", { phase: "waiting" }), summary("c", { phase: "waiting" })));
  assert.deepEqual(newcomers(later, back).map((s) => s.conversation), ["c"]);
});

test("what may be done follows the phase and who has it", () => {
  const may = (more) => { const s = summary("a", more); return allowed(s, hear(fresh(), desk(s))); };
  assert.deepEqual(may({ phase: "waiting" }), ["claim", "close"]);
  assert.deepEqual(may({ phase: "staff", staff: "mei" }), ["give_back", "queue", "close"]);
  assert.deepEqual(may({ phase: "staff", staff: "omar" }), ["queue"]);
  assert.deepEqual(may({ phase: "closed" }), []);
});

test("a lost claim is told once, with whose it was about, and may be tried again", () => {
  let state = hear(fresh(), desk(summary("a", { phase: "waiting" })));
  state = reduce(state, { type: "act", id: "act-1", act: "claim", conversation: "a" });
  state = hear(state, { type: "error", id: "act-1", code: "bad_phase", message: "omar has it" });
  assert.deepEqual(state.acts, []);
  assert.deepEqual(state.notices.map(({ code, about, conversation }) => ({ code, about, conversation })), [{ code: "bad_phase", about: "claim", conversation: "a" }]);
  assert.deepEqual(codes(reduce(state, { type: "tick", now: NOW + NOTICE_MS })), []);
});

test("done ends an act or an unsent reply, whichever has the id", () => {
  let state = reduce(hear(fresh(), desk(summary("a"))), { type: "act", id: "act-1", act: "close", conversation: "a" });
  const item = { id: "say-1", conversation: "a", kind: "reply", text: "Hi", at: 1, failed: "", by: "mei" };
  state = reduce(state, { type: "pending", item });
  state = hear(state, { type: "done", id: "act-1" });
  assert.deepEqual([state.acts.length, state.outbox.length], [0, 1]);
  assert.equal(hear(state, { type: "done", id: "say-1" }).outbox.length, 0);
});

test("a conversation that leaves the list is asked for again: it stays if it is there, else that is said", () => {
  const opened = { type: "opened", conversation: "a", messages: [said(1, "hi")], notes: [] };
  const open = hear(watch(hear(fresh(), desk(summary("a"))), "a"), opened);
  const left = hear(open, { type: "gone", conversation: "a" });
  assert.deepEqual([left.thread.waiting, Object.keys(left.conversations)], [true, []]);
  assert.deepEqual(hear(left, opened).thread, open.thread, "only too old for the list");
  const erased = hear(left, { type: "error", id: null, code: "not_found", message: "" });
  assert.deepEqual([erased.thread, codes(erased)], [null, ["gone"]]);
});

test("new words in a conversation of mine count as unseen until it is opened", () => {
  const mine = { phase: "staff", staff: "mei" };
  let state = hear(fresh(), desk(summary("a", { ...mine, messages: 3 })));
  assert.equal(fresher(state.conversations.a, state), false, "what was there at the start is not news");
  state = hear(state, { type: "conversation", summary: summary("a", { ...mine, messages: 4 }) });
  assert.equal(fresher(state.conversations.a, state), true);
  state = watch(state, "a");
  assert.equal(fresher(state.conversations.a, state), false);
  state = hear(state, { type: "conversation", summary: summary("a", { ...mine, messages: 5 }) });
  assert.equal(fresher(state.conversations.a, state), false, "it is before their eyes");
});

test("the shopper's typing ends by time, by their message, or with the line", () => {
  const on = hear(watch(hear(fresh(), desk(summary("a"))), "a"), { type: "opened", conversation: "a", messages: [], notes: [] },
    { type: "typing", conversation: "a", author: "shopper", on: true });
  assert.equal(on.thread.typing, NOW + TYPING_MS);
  assert.equal(reduce(on, { type: "tick", now: NOW + TYPING_MS }).thread.typing, 0);
  assert.equal(hear(on, message("a", said(1, "hi"))).thread.typing, 0);
  const lost = reduce(hear(on, { type: "delta", conversation: "a", turn: 1, offset: 0, text: "x" }), { type: "link", link: "lost" });
  assert.deepEqual([lost.thread.typing, botBusy(lost, NOW)], [0, false]);
});

test("frames for a conversation that is not watched, and of a newer server, change nothing", () => {
  const state = watch(hear(fresh(), desk(summary("a"), summary("b"))), "a");
  assert.equal(hear(state, message("b", said(1, "x"))), state);
  assert.equal(hear(state, { type: "weather", rain: true }), state);
});

test("opening again keeps what is the same as it is, so that nothing is drawn again", () => {
  const frame = { type: "opened", conversation: "a", messages: [said(1, "hi"), said(2, "there")], notes: [] };
  const first = hear(watch(hear(fresh(), desk(summary("a"))), "a"), frame);
  const again = hear(hear(first, desk(summary("a"))), frame);
  assert.equal(again.thread.talk.messages[0], first.thread.talk.messages[0]);
});

test("who waits with a head start stands before who began a little earlier, and behind who began much earlier", () => {
  const waits = (name, from, more = {}) => summary(name, { phase: "waiting", waiting_since: at(from), place_at: at(from), ...more });
  const state = hear(fresh(), desk(waits("calm", 60), waits("early", -600), waits("angry", 120, { mood: "angry", place_at: at(120 - 300) })));
  assert.deepEqual(listed(state)[0].rows.map((s) => s.conversation), ["early", "angry", "calm"]);
});
