/**
 * The page as a whole: the line on top, list, conversation, composer, notices, keys. On a narrow screen list and
 * conversation are two screens.
 *
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Room} Room
 */
import { button, el } from "../parts.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { markWrong } from "./knowledge.js";
import { List } from "./list.js";
import { Keyed, icon } from "./parts.js";
import { settings } from "./settings.js";
import { counts, listed, newcomers } from "./state.js";
import { Top } from "./top.js";

/** Whether list and conversation are two screens. */
const narrow = () => matchMedia("(max-width: 820px)").matches;

export class View {
  /** @type {State | null} */
  #before = null;

  /** @param {HTMLElement} root @param {Room} room @param {import("./bell.js").Bell} bell @param {() => void} leave */
  constructor(root, room, bell, leave) {
    this.room = room;
    this.bell = bell;
    this.leave = leave;
    const { words } = room;
    this.top = new Top(room, { sound: () => this.sound(!bell.on), settings: () => this.#settings() });
    this.list = new List(room);
    this.composer = new Composer(room, () => this.toList());
    this.talk = new Conversation(room, { wrong: (m) => this.#wrong(m), edit: (item) => this.composer.edit(item), back: () => this.toList() });
    this.nothing = el("div", "nothing", {}, icon("bot"), el("h1", "", {}, words.pick), el("p", "muted", {}, words.pickMore));
    this.thread = el("main", "thread", { id: "thread", tabIndex: -1 }, this.talk.node, this.composer.node, this.nothing);
    this.notices = el("div", "notices", { role: "status" });
    this.spoken = el("div", "sr", { role: "status" });
    root.replaceChildren(el("a", "skip", { href: "#thread" }, words.skip), this.top.node, el("div", "columns", {}, this.list.node, this.thread), this.notices, this.spoken);
    /** @type {Keyed<import("./types").Notice>} */
    this.told = new Keyed(this.notices, (n) => this.#notice(n));
    root.ownerDocument.addEventListener("keydown", (e) => this.#key(e));
    this.theme(room.keep.get("theme"));
  }

  /** @param {State} state @param {number} now */
  render(state, now) {
    const before = this.#before;
    this.#before = state;
    const open = !!state.thread;
    document.body.classList.toggle("talking", open);
    this.talk.node.hidden = this.composer.node.hidden = !open;
    this.nothing.hidden = open;
    this.list.render(state, now);
    if (open) (this.talk.render(state, now), this.composer.render(state));
    this.top.render(state, this.bell.on);
    this.told.show(state.notices.map((n) => ({ key: String(n.id), value: n })));
    this.#alert(before, state);
    if (before && before.thread?.conversation !== state.thread?.conversation && narrow()) (open ? this.talk.title : this.list).focus();
  }

  /** @param {string} name */
  theme(name) {
    this.room.keep.set("theme", name === "auto" ? "" : name);
    if (name && name !== "auto") document.documentElement.dataset.theme = name;
    else delete document.documentElement.dataset.theme;
  }

  /** @param {boolean} on */
  sound(on) {
    this.bell.set(on);
    this.top.ringing(on);
  }

  toList() {
    if (narrow()) this.room.open("");
    else this.list.focus();
  }

  #settings() {
    settings(this.room, this.bell, { theme: (name) => this.theme(name), sound: (on) => this.sound(on), leave: this.leave });
  }

  /** @param {State | null} before @param {State} state */
  #alert(before, state) {
    const { room } = this;
    const { words } = room;
    const waiting = counts(state).waiting;
    document.title = waiting ? `(${waiting}) ${words.page}` : words.page;
    const come = before ? newcomers(before, state) : [];
    if (!come.length) return;
    this.bell.ring();
    room.announce(words.came(come.map((s) => (s.reason ? words.reasons[s.reason] ?? s.reason : words.groups.waiting)).join(", ")));
  }

  /** @param {import("./types").Notice} n */
  #notice(n) {
    const { room } = this;
    const { words } = room;
    const s = room.state().conversations[n.conversation];
    const lost = n.about === "claim" && /^(bad_phase|refused|taken)$/.test(n.code);
    /** @type {Record<string, string>} */
    const told = words.told;
    const text = lost ? words.taken(s?.staff && s.staff !== room.state().me.name ? s.staff : words.somebody) : told[n.code] ?? told.internal;
    const close = button("plain", { "aria-label": words.dismiss, onclick: () => room.dispatch({ type: "dismiss", id: n.id }) }, icon("close"));
    return el("div", `notice ${n.good ? "good" : lost ? "" : "bad"}`, {}, el("p", "", {}, text), close);
  }

  /** @param {import("./types").StaffMessage} m */
  #wrong(m) {
    const thread = this.room.state().thread;
    if (!thread) return;
    const question = thread.talk.messages.findLast((q) => (m.turn ? q.seq === m.turn : q.author === "shopper" && q.seq < m.seq));
    markWrong(this.room, thread.conversation, m, question?.text ?? "");
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const at = /** @type {HTMLElement} */ (e.target);
    const writing = at.matches("input:not([type=radio]), textarea, select");
    if (e.ctrlKey || e.metaKey || e.altKey || e.isComposing || e.defaultPrevented || writing || at.closest("dialog")) return;
    if (e.key === "Escape") return this.toList();
    const act = this.#keys()[e.key];
    if (!act || (e.key !== "?" && this.room.keep.get("single") === "off")) return;
    e.preventDefault();
    act();
  }

  /** @returns {Record<string, () => void>} */
  #keys() {
    const { talk, composer, list } = this;
    const press = (/** @type {HTMLElement} */ node) => node.checkVisibility() && node.click();
    const open = () => !!this.room.state().thread;
    return {
      "?": () => this.#settings(),
      j: () => list.move(1),
      k: () => list.move(-1),
      l: () => list.focus(),
      w: () => this.#next(),
      r: () => open() && composer.focus("reply"),
      n: () => open() && composer.focus("note"),
      "/": () => open() && (composer.focus("reply"), press(composer.slash)),
      c: () => press(talk.acts.claim),
      b: () => press(talk.acts.give_back),
      q: () => press(talk.acts.queue),
      X: () => press(talk.acts.close),
      s: () => open() && (composer.focus("reply"), void composer.propose()),
      f: () => open() && (composer.focus("reply"), composer.search()),
    };
  }

  #next() {
    const state = { ...this.room.state(), filter: /** @type {const} */ ("waiting") };
    const first = listed(state)[0]?.rows[0];
    if (first) this.room.open(first.conversation);
  }
}
