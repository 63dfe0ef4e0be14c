/**
 * What a person at the desk sees, as a value: state + action → state. Pure.
 *
 * A `desk` frame is the new truth about the list, an `opened` frame about the conversation that is watched; each other
 * frame changes one thing. Between asking for a conversation and `opened`, frames may already come: they are kept, and
 * laid over it. So whatever was lost or doubled, the page shows what a fresh one would.
 *
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Action} Action
 * @typedef {import("./types").Summary} Summary
 * @typedef {import("./types").Thread} Thread
 * @typedef {import("./types").Live} Live
 * @typedef {import("./types").Group} Group
 */
import { answering, fresh as blank, reduce as follow } from "../thread.js";

export const VERSION = 1;
export const NOTICE_MS = 9_000;
export const TYPING_MS = 8_000;
/** @type {Group[]} */
export const GROUPS = ["waiting", "mine", "others", "bot", "closed"];

/** @returns {State} */
export const fresh = () => ({
  link: "connecting",
  ready: false,
  me: { name: "", role: "staff" },
  hours: { open: false, text: "" },
  conversations: {},
  thread: null,
  outbox: [],
  acts: [],
  seen: {},
  filter: "all",
  marked: {},
  notices: [],
});

/** @type {(state: State, action: Action) => State} */
export function reduce(state, action) {
  switch (action.type) {
    case "frame":
      return hear(state, action.frame, action.now);
    case "link":
      return { ...state, link: action.link, thread: action.link === "open" ? state.thread : hushed(state.thread) };
    case "watch":
      return looked({ ...state, thread: action.conversation ? unopened(action.conversation) : null }, action.conversation);
    case "filter":
      return { ...state, filter: action.filter };
    case "pending":
      return { ...state, outbox: [...state.outbox.filter((i) => i.id !== action.item.id), action.item].sort((a, b) => a.at - b.at) };
    case "discard":
      return { ...state, outbox: state.outbox.filter((i) => i.id !== action.id) };
    case "act":
      return { ...state, acts: [...state.acts, { id: action.id, act: action.act, conversation: action.conversation }] };
    case "notice":
      return told(state, action, action.now);
    case "dismiss":
      return { ...state, notices: state.notices.filter((n) => n.id !== action.id) };
    case "marked":
      return { ...state, marked: { ...state.marked, [`${action.conversation}:${action.seq}`]: true } };
    case "tick":
      return tick(state, action.now);
  }
}

/** Where in the list a conversation stands. @param {Summary} s @param {State} state @returns {Group} */
export function group(s, { me }) {
  if (s.phase === "staff") return s.staff === me.name ? "mine" : "others";
  return s.phase;
}

/** @param {State} state @returns {Record<import("./types").Filter, number>} */
export function counts(state) {
  const all = Object.values(state.conversations);
  const count = { all: all.length, waiting: 0, mine: 0, others: 0, bot: 0, closed: 0 };
  for (const s of all) count[group(s, state)] += 1;
  return count;
}

/** The list as filtered: group by group, who waits longest first (the angry and those about to buy with a head start), else the latest first. @param {State} state */
export function listed(state) {
  const shown = state.filter === "all" ? GROUPS : GROUPS.filter((g) => g === state.filter);
  const rows = Object.values(state.conversations).map((s) => ({ s, group: group(s, state), at: placed(s) }));
  const of = (/** @type {Group} */ g) => rows.filter((r) => r.group === g).sort((a, b) => a.at - b.at || (a.s.conversation < b.s.conversation ? -1 : 1));
  return shown.map((g) => ({ group: g, rows: of(g).map((r) => r.s) })).filter((part) => part.rows.length);
}

/** @param {Summary} s */
const placed = (s) => (s.phase === "waiting" ? Date.parse(s.place_at ?? s.waiting_since ?? s.last_at) : -Date.parse(s.last_at));

/** Which acts the phase allows this person. @param {Summary | undefined} s @param {State} state @returns {import("./types").Act[]} */
export function allowed(s, state) {
  if (!s) return [];
  switch (group(s, state)) {
    case "mine":
      return ["give_back", "queue", "close"];
    case "waiting":
    case "bot":
      return ["claim", "close"];
    case "others":
      return ["queue"]; // so that nobody waits for somebody who went home
    default:
      return [];
  }
}

/** Something was said in a conversation of mine that I have not seen. @param {Summary} s @param {State} state */
export const fresher = (s, state) => group(s, state) === "mine" && s.messages > (state.seen[s.conversation] ?? 0);

/** Who began to wait between two states; nobody before the first `desk`. @param {State} before @param {State} after */
export function newcomers(before, after) {
  if (!before.ready) return [];
  return Object.values(after.conversations).filter(
    (s) => s.phase === "waiting" && before.conversations[s.conversation]?.phase !== "waiting",
  );
}

/** @param {State} state @param {number} now */
export const botBusy = (state, now) => !!state.thread && answering(state.thread.talk, now);

/** @param {State} state @param {import("./types").ServerFrame} frame @param {number} now @returns {State} */
function hear(state, frame, now) {
  switch (frame.type) {
    case "desk":
      return begin(state, frame);
    case "conversation": {
      const conversations = { ...state.conversations, [frame.summary.conversation]: frame.summary };
      return looked({ ...state, conversations }, state.thread?.conversation ?? "");
    }
    case "gone":
      return gone(state, frame.conversation);
    case "opened":
      return state.thread?.conversation === frame.conversation ? { ...state, thread: opened(state.thread, frame, now) } : state;
    case "message":
    case "delta":
    case "typing":
    case "note":
    case "rated":
      return state.thread?.conversation === frame.conversation ? { ...state, thread: live(state.thread, frame, now) } : state;
    case "done":
      return settled(state, frame.id);
    case "error":
      return refused(state, frame, now);
    default:
      return state; // of a newer server
  }
}

/** @param {State} state @param {Extract<import("./types").ServerFrame, { type: "desk" }>} desk @returns {State} */
function begin(state, desk) {
  const conversations = Object.fromEntries(desk.conversations.map((s) => [s.conversation, s]));
  const first = state.ready ? {} : Object.fromEntries(desk.conversations.map((s) => [s.conversation, s.messages]));
  const thread = state.thread && { ...state.thread, waiting: true, early: [] };
  const next = { ...state, ready: true, me: desk.me, hours: desk.hours, conversations, thread, seen: { ...first, ...state.seen } };
  return looked(next, thread?.conversation ?? "");
}

/** Out of the list; whether it can be read still, the answer to asking again will say. @param {State} state @param {string} conversation @returns {State} */
function gone(state, conversation) {
  const { [conversation]: _, ...conversations } = state.conversations;
  const { thread } = state;
  return { ...state, conversations, thread: thread?.conversation === conversation ? { ...thread, waiting: true, early: [] } : thread };
}

/** @param {State} state @param {string} id @returns {State} */
const settled = (state, id) => ({
  ...state,
  acts: state.acts.filter((a) => a.id !== id),
  outbox: state.outbox.filter((i) => i.id !== id),
});

/** @param {State} state @param {{ id?: string | null, code: string }} error @param {number} now @returns {State} */
function refused(state, { id, code }, now) {
  if (state.outbox.some((i) => i.id === id)) return state; // shown where it was written
  const act = state.acts.find((a) => a.id === id);
  const next = { ...state, acts: state.acts.filter((a) => a !== act) };
  if (!act && !id && code === "not_found" && state.thread?.waiting) {
    return told({ ...next, thread: null }, { code: "gone", about: "", conversation: "" }, now);
  }
  return told(next, { code, about: act?.act ?? "", conversation: act?.conversation ?? "" }, now);
}

/** @param {State} state @param {{ code: string, about: string, conversation: string, good?: boolean }} what @param {number} now @returns {State} */
function told(state, { code, about, conversation, good = false }, now) {
  const id = (state.notices.at(-1)?.id ?? 0) + 1;
  const others = state.notices.filter((n) => n.code !== code || n.about !== about);
  return { ...state, notices: [...others, { id, code, about, conversation, until: now + NOTICE_MS, good }].slice(-3) };
}

/** What is before one's eyes counts as seen. @param {State} state @param {string} conversation @returns {State} */
function looked(state, conversation) {
  const messages = state.conversations[conversation]?.messages;
  return messages === undefined ? state : { ...state, seen: { ...state.seen, [conversation]: messages } };
}

/** @param {string} conversation @returns {Thread} */
const unopened = (conversation) => ({ conversation, talk: blank(), notes: [], typing: 0, waiting: true, early: [] });

/** A lost line ends what streams and who types. @param {Thread | null} thread */
const hushed = (thread) => thread && { ...thread, typing: 0, talk: follow(thread.talk, { type: "link", link: "lost" }) };

/** @param {Thread} thread @param {Extract<import("./types").ServerFrame, { type: "opened" }>} frame @param {number} now @returns {Thread} */
function opened(thread, frame, now) {
  const there = new Set(frame.messages.map((m) => m.seq));
  // what is the same keeps its identity, so that it is not drawn again
  const kept = { ...thread.talk, messages: thread.talk.messages.filter((m) => there.has(m.seq)) };
  const talk = frame.messages.reduce((t, m) => follow(t, { type: "frame", frame: whole(m), now }), kept);
  /** @type {Thread} */
  const base = { ...thread, talk, notes: [...frame.notes].sort(earlier), waiting: false, early: [] };
  return thread.early.reduce((t, f) => said(t, f, now), base);
}

/** @param {Thread} thread @param {Live} frame @param {number} now @returns {Thread} */
function live(thread, frame, now) {
  const next = said(thread, frame, now);
  return thread.waiting ? { ...next, early: [...thread.early, frame] } : next;
}

/** @param {Thread} thread @param {Live} frame @param {number} now @returns {Thread} */
function said(thread, frame, now) {
  switch (frame.type) {
    case "message": {
      const typing = frame.message.author === "shopper" ? 0 : thread.typing;
      return { ...thread, typing, talk: follow(thread.talk, { type: "frame", frame: whole(frame.message), now }) };
    }
    case "note":
      return { ...thread, notes: [...thread.notes.filter((n) => n.id !== frame.note.id), frame.note].sort(earlier) };
    case "typing":
      if (frame.author === "shopper") return { ...thread, typing: frame.on ? now + TYPING_MS : 0 };
      return { ...thread, talk: follow(thread.talk, { type: "frame", frame, now }) };
    default:
      return { ...thread, talk: follow(thread.talk, { type: "frame", frame, now }) };
  }
}

/** @param {Extract<Live, { type: "message" }>["message"]} m @returns {any} */
const whole = (m) => ({ reason: null, staff: null, why: null, ...m, type: "message" });

/** @param {import("./types").Note} a @param {import("./types").Note} b */
const earlier = (a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1);

/** @param {State} state @param {number} now @returns {State} */
function tick(state, now) {
  const { thread } = state;
  return {
    ...state,
    notices: state.notices.every((n) => n.until > now) ? state.notices : state.notices.filter((n) => n.until > now),
    thread: thread && { ...thread, typing: thread.typing > now ? thread.typing : 0, talk: follow(thread.talk, { type: "tick", now }) },
  };
}
