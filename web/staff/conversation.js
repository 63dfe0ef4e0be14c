/**
 * The middle of the desk: who and what, what can be done, and the conversation as it streams.
 *
 * @typedef {import("./types").State} State
 * @typedef {import("./types").StaffMessage} StaffMessage
 * @typedef {import("./types").Note} Note
 * @typedef {import("./types").Item} Item
 */
import { button, el, spell, write } from "../parts.js";
import { bubble, note, refoot, unsent } from "./bubble.js";
import { Keyed, day, icon, lasted, moment, why } from "./parts.js";
import { allowed, botBusy, group } from "./state.js";

const NEAR_PX = 90; // counts as "at the end"
const SKEW_MS = 60_000; // by which clocks here and there may differ
/** @type {import("./types").Act[]} */
const ACTS = ["claim", "queue", "give_back", "close"];

/** @typedef {{ message: StaffMessage, marked: boolean } | { note: Note } | { item: Item, linked: boolean } | { day: string }} Entry */

export class Conversation {
  #of = "";
  #last = "";
  #opening = true;

  /** @param {import("./types").Room} room @param {{ wrong(m: StaffMessage): void, edit(item: Item): void, back(): void }} ways */
  constructor(room, ways) {
    this.room = room;
    const { words, lang } = room;
    /** @type {import("./bubble.js").Writing} */
    this.setting = {
      words, lang, me: "", now: 0, line: room.line, wrong: ways.wrong, edit: ways.edit,
      marked: (m) => !!room.state().marked[`${this.#of}:${m.seq}`],
    };
    this.title = el("h1", "", { tabIndex: -1 });
    this.facts = el("p", "facts");
    const back = button("plain back", { "aria-label": words.back, title: words.back, onclick: ways.back }, icon("back"));
    this.acts = Object.fromEntries(ACTS.map((act) => [act, this.#act(act)]));
    this.bar = el("div", "acts", { role: "group", "aria-label": words.actions }, ...ACTS.map((act) => this.acts[act]));
    this.head = el("header", "thread-head", {}, back, el("div", "what", {}, this.title, this.facts), this.bar);
    // off: what is replayed is not read out
    this.log = el("div", "log", { role: "log", "aria-live": "off", "aria-label": words.log });
    this.draft = el("div", "text");
    this.dots = el("p", "dots", { role: "status" });
    this.live = el("div", "msg bot live", {}, el("p", "who", {}, el("b", "", {}, words.by.bot)), this.draft);
    this.scroll = el("div", "scroll", { tabIndex: 0, role: "region", "aria-label": words.log, onscroll: () => this.#scrolled() }, this.log, this.live);
    this.jump = button("press jump", { onclick: () => this.toEnd() }, icon("down"), words.jump);
    this.node = el("div", "talk", {}, this.head, el("div", "middle", {}, this.scroll, this.jump), this.dots);
    /** @type {Keyed<Entry>} */
    this.keyed = new Keyed(this.log, (entry, old) => this.#draw(entry, old), same);
  }

  /** @param {State} state @param {number} now */
  render(state, now) {
    const { thread } = state;
    if (!thread) return;
    const near = this.#near();
    const other = this.#of !== thread.conversation;
    Object.assign(this.setting, { me: state.me.name, now });
    this.#of = thread.conversation;
    if (other) this.#opening = true;
    this.#heading(state, now);
    const live = thread.waiting ? "off" : "polite";
    if (this.log.ariaLive !== live) this.log.ariaLive = live;
    const entries = this.#entries(state);
    this.keyed.show(entries);
    this.#streams(state, now);
    const last = entries.filter((e) => "item" in e.value).at(-1)?.key ?? "";
    if (near || this.#opening || (last && last !== this.#last)) this.toEnd();
    this.#last = last;
    this.#opening = this.#opening && thread.waiting;
    this.#scrolled();
  }

  /** @param {State} state */
  #entries(state) {
    const { thread, outbox } = state;
    if (!thread) return [];
    const linked = state.link === "open";
    const messages = /** @type {StaffMessage[]} */ (thread.talk.messages);
    /** @type {{ key: string, value: Entry }[]} */
    const entries = inOrder(messages, thread.notes).map(({ key, value }) => ({ key, value: "message" in value ? { ...value, marked: this.setting.marked(value.message) } : value }));
    for (const item of outbox) {
      if (item.conversation === thread.conversation && !this.#there(item, state)) entries.push({ key: `o${item.id}`, value: { item, linked } });
    }
    return entries;
  }

  /** Whether the server's own is shown already; notes carry no id of ours. @param {Item} item @param {State} state */
  #there(item, { thread, me }) {
    const same = (/** @type {Note} */ n) => n.staff === me.name && n.text === item.text && Date.parse(n.at) > item.at - SKEW_MS;
    return item.kind === "note" ? !item.failed && thread?.notes.some(same) : thread?.talk.messages.some((m) => m.id === item.id);
  }

  /** @param {Entry} entry @param {{ node: HTMLElement, value: Entry } | undefined} old */
  #draw(entry, old) {
    if ("day" in entry) return el("p", "day", {}, day(entry.day, this.room.lang));
    if ("note" in entry) return note(entry.note, this.setting);
    if ("item" in entry) return unsent(entry.item, entry.linked, this.setting);
    if (old && "message" in old.value && unchanged(old.value.message, entry.message)) {
      refoot(old.node, entry.message, this.setting);
      return old.node;
    }
    return bubble(entry.message, this.setting);
  }

  /** @param {State} state @param {number} now */
  #heading(state, now) {
    const { words, lang } = this.room;
    const s = state.conversations[this.#of];
    write(this.title, s?.lines[0] || (state.thread?.waiting ? words.opening : words.untitled));
    const who = s && group(s, state);
    const facts = !s || !who ? [] : [
      who === "others" ? s.staff ?? words.groups.others : who === "waiting" ? "" : words.heads[who],
      s.phase === "waiting" && s.reason ? words.reasons[s.reason] ?? s.reason : "",
      s.phase === "waiting" ? words.waits(lasted(now - Date.parse(s.waiting_since ?? s.last_at), words)) : "",
      s.mood === "calm" ? "" : told(words.moods[s.mood] ?? s.mood, why(s, "mood", words)),
      !s.stage || s.stage === "discovery" ? "" : told(words.stages[s.stage] ?? s.stage, why(s, "stage", words)),
      words.langs[/** @type {"en" | "zh"} */ (s.lang)] ?? s.lang,
      words.since(moment(s.opened_at, now, lang)),
      s.email ?? "",
    ];
    write(this.facts, facts.filter(Boolean).join(" · "));
    this.facts.title = this.facts.textContent ?? "";
    this.node.dataset.group = who ?? "";
    const may = allowed(s, state);
    const busy = state.link !== "open" || state.acts.some((a) => a.conversation === this.#of);
    for (const act of ACTS) {
      const node = this.acts[act];
      const had = node === document.activeElement;
      node.hidden = !may.includes(act);
      node.setAttribute("aria-disabled", String(busy));
      if (had && node.hidden) this.title.focus();
    }
  }

  /** @param {import("./types").Act} act */
  #act(act) {
    const run = () => this.acts[act].getAttribute("aria-disabled") !== "true" && this.room.line.act(act, this.#of);
    return button(`press ${act === "claim" ? "main" : ""}`, { onclick: run }, this.room.words.acts[act]);
  }

  /** @param {State} state @param {number} now */
  #streams(state, now) {
    const { words } = this.room;
    const text = state.thread?.talk.draft?.text ?? "";
    const busy = botBusy(state, now);
    if (this.draft.dataset.text !== text) spell(this.draft, text, []);
    this.draft.dataset.text = text;
    this.live.hidden = !text;
    this.live.classList.toggle("going", busy);
    const typing = (state.thread?.typing ?? 0) > now;
    write(this.dots, typing ? words.typing : busy && !text ? words.botTyping : "");
    this.dots.classList.toggle("on", typing || (busy && !text));
  }

  toEnd() {
    this.scroll.scrollTop = this.scroll.scrollHeight;
  }

  #near() {
    return this.scroll.scrollHeight - this.scroll.scrollTop - this.scroll.clientHeight < NEAR_PX;
  }

  #scrolled() {
    this.jump.hidden = this.#near();
  }
}

/** @param {string} name @param {string} why */
const told = (name, why) => (why ? `${name} (${why})` : name);

/** @param {Entry} a @param {Entry} b */
function same(a, b) {
  if ("message" in a && "message" in b) return a.message === b.message && a.marked === b.marked;
  if ("note" in a && "note" in b) return JSON.stringify(a.note) === JSON.stringify(b.note);
  if ("item" in a && "item" in b) return a.item === b.item && a.linked === b.linked;
  return "day" in a && "day" in b && a.day === b.day;
}

/** Whether only what stands in the foot is another. @param {StaffMessage} a @param {StaffMessage} b */
const unchanged = (a, b) => JSON.stringify({ ...a, rating: 0 }) === JSON.stringify({ ...b, rating: 0 });

/** Messages with notes between them by their time, and each new day before its first message.
 * @param {StaffMessage[]} messages @param {Note[]} notes */
export function inOrder(messages, notes) {
  /** @type {{ key: string, value: { message: StaffMessage } | { note: Note } | { day: string } }[]} */
  const entries = [];
  const left = [...notes];
  const put = (/** @type {Note} */ n) => entries.push({ key: `n${n.id}`, value: { note: n } });
  let today = "";
  for (const m of messages) {
    while (left.length && Date.parse(left[0].at) < Date.parse(m.at)) put(/** @type {Note} */ (left.shift()));
    const date = new Date(m.at).toDateString();
    if (date !== today) entries.push({ key: `d${date}`, value: { day: m.at } });
    today = date;
    entries.push({ key: `m${m.seq}`, value: { message: m } });
  }
  left.forEach(put);
  return entries;
}
