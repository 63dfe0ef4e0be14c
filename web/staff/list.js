/**
 * The list of conversations: filters with counts, groups, rows that tick. One stop for Tab; arrow keys move inside.
 *
 * @typedef {import("./types").Summary} Summary
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Group} Group
 */
import { el, write } from "../parts.js";
import { Keyed, icon, lasted, moment, why } from "./parts.js";
import { counts, fresher, group, listed } from "./state.js";

const LONG_MS = { late: 120_000, very: 300_000 };
/** @type {import("./types").Filter[]} */
const FILTERS = ["all", "waiting", "mine", "others", "bot", "closed"];

/** @typedef {{ s: Summary, group: Group, open: boolean, fresh: boolean, tab: boolean, today: string }} Row */
/** @typedef {{ head: Group } | Row} Part */

export class List {
  #at = "";
  #now = 0;

  /** @param {import("./types").Room} room */
  constructor(room) {
    this.room = room;
    const { words } = room;
    this.filters = Object.fromEntries(FILTERS.map((f) => [f, this.#filter(f)]));
    const bar = el("fieldset", "filters", {}, el("legend", "sr", {}, words.filter), ...FILTERS.map((f) => this.filters[f].label));
    this.rows = el("div", "rows", { role: "group", "aria-label": words.list, onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e) });
    this.empty = el("p", "empty muted");
    this.node = el("nav", "list", { "aria-label": words.list }, el("h2", "sr", {}, words.list), bar, el("div", "scroll", {}, this.rows, this.empty));
    /** @type {Keyed<Part>} */
    this.keyed = new Keyed(this.rows, (part, old) => ("head" in part ? this.#head(part.head) : this.#row(part, old?.node)), same);
  }

  /** @param {State} state @param {number} now */
  render(state, now) {
    this.#now = now;
    const count = counts(state);
    for (const f of FILTERS) {
      this.filters[f].input.checked = state.filter === f;
      write(this.filters[f].count, count[f] ? String(count[f]) : "");
    }
    const parts = listed(state);
    const ids = parts.flatMap((p) => p.rows.map((s) => s.conversation));
    if (!ids.includes(this.#at)) this.#at = ids.includes(state.thread?.conversation ?? "") ? state.thread?.conversation ?? "" : ids[0] ?? "";
    const today = new Date(now).toDateString();
    this.keyed.show(parts.flatMap(({ group, rows }) => [
      { key: `head:${group}`, value: /** @type {Part} */ ({ head: group }) },
      ...rows.map((s) => ({ key: s.conversation, value: this.#part(s, state, today) })),
    ]));
    write(this.empty, state.ready && !ids.length ? this.room.words.empty[state.filter] : "");
    this.tick(now);
  }

  /** Only the times. @param {number} now */
  tick(now) {
    this.#now = now;
    for (const node of /** @type {NodeListOf<HTMLElement>} */ (this.rows.querySelectorAll("[data-since]"))) {
      const ms = now - Date.parse(node.dataset.since ?? "");
      write(node, this.room.words.waits(lasted(ms, this.room.words)));
      node.classList.toggle("late", ms >= LONG_MS.late);
      node.classList.toggle("very", ms >= LONG_MS.very);
    }
  }

  focus() {
    (this.keyed.at(this.#at) ?? this.filters.all.input).focus();
  }

  /** @param {import("./types").Filter} f */
  #filter(f) {
    const input = el("input", "sr", { type: "radio", name: "filter", value: f, onchange: () => this.room.dispatch({ type: "filter", filter: f }) });
    const count = el("b");
    return { input, count, label: el("label", `filter ${f}`, {}, input, el("span", "", {}, this.room.words.groups[f], count)) };
  }

  /** @param {Group} g */
  #head(g) {
    return el("h3", `head ${g}`, {}, this.room.words.heads[g]);
  }

  /** @param {Summary} s @param {State} state @param {string} today @returns {Row} */
  #part(s, state, today) {
    const open = state.thread?.conversation === s.conversation;
    return { s, group: group(s, state), open, fresh: fresher(s, state), tab: s.conversation === this.#at, today };
  }

  /** @param {Row} row @param {HTMLElement} [old] */
  #row(row, old) {
    const { s } = row;
    const node = old ?? el("button", "", {
      type: "button",
      onclick: () => this.room.open(s.conversation),
      onfocus: () => this.#mark(s.conversation),
    });
    node.className = `row ${row.group} ${s.mood}${row.open ? " open" : ""}${row.fresh ? " fresh" : ""}`;
    node.dataset.conversation = s.conversation;
    node.tabIndex = row.tab ? 0 : -1;
    if (row.open) node.setAttribute("aria-current", "true");
    else node.removeAttribute("aria-current");
    node.replaceChildren(this.#line(row), el("span", "first", {}, s.lines[0] || this.room.words.untitled), el("span", "line", {}, el("span", "last", {}, s.lines[1] ?? ""), chips(s, this.room.words)));
    return node;
  }

  /** @param {Row} row */
  #line({ s, fresh }) {
    const { words, lang } = this.room;
    const left = el("span", "reason");
    if (s.phase === "waiting") left.append(icon("hourglass"), s.reason ? words.reasons[s.reason] ?? s.reason : words.groups.waiting);
    else if (fresh) left.append(el("span", "dot"), words.newer);
    else left.append(icon(s.phase === "bot" ? "bot" : s.phase === "closed" ? "ok" : "person"), s.phase === "staff" ? s.staff ?? "" : words.groups[s.phase]);
    const time = s.phase === "waiting"
      ? el("span", "time since", {}, "")
      : el("time", "time", { dateTime: s.last_at }, moment(s.last_at, this.#now, lang));
    if (s.phase === "waiting") time.dataset.since = s.waiting_since ?? s.last_at;
    return el("span", "line", {}, left, time);
  }

  /** The row that Tab leads to. @param {string} conversation */
  #mark(conversation) {
    const before = this.keyed.at(this.#at);
    this.#at = conversation;
    if (before) before.tabIndex = -1;
    const node = this.keyed.at(conversation);
    if (node) node.tabIndex = 0;
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    const rows = /** @type {HTMLElement[]} */ ([...this.rows.querySelectorAll("button.row")]);
    const i = rows.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const to = { ArrowDown: i + 1, ArrowUp: i - 1, Home: 0, End: rows.length - 1, PageDown: i + 5, PageUp: i - 5 };
    if (!(e.key in to) || e.ctrlKey || e.metaKey || e.altKey) return;
    e.preventDefault();
    rows[Math.max(0, Math.min(rows.length - 1, to[e.key]))]?.focus();
  }

  /** From anywhere: the next or previous row is focused. @param {1 | -1} by */
  move(by) {
    const rows = /** @type {HTMLElement[]} */ ([...this.rows.querySelectorAll("button.row")]);
    const i = rows.findIndex((row) => row.dataset.conversation === this.#at);
    const here = rows[i] === document.activeElement;
    rows[Math.max(0, Math.min(rows.length - 1, here ? i + by : i))]?.focus();
  }
}

/** @param {Part} a @param {Part} b */
function same(a, b) {
  if ("head" in a || "head" in b) return "head" in a && "head" in b && a.head === b.head;
  return a.s === b.s && a.group === b.group && a.open === b.open && a.fresh === b.fresh && a.tab === b.tab && a.today === b.today;
}

/** Mood, stage, rating and language of a conversation. @param {Summary} s @param {import("./types").Words} words */
export function chips(s, words) {
  const lang = words.langs[/** @type {"en" | "zh"} */ (s.lang)] ?? s.lang;
  const chips = el("span", "chips");
  if (s.mood !== "calm") chips.append(el("span", `chip mood ${s.mood}`, { title: why(s, "mood", words) }, words.moods[s.mood] ?? s.mood));
  if (s.stage && s.stage !== "discovery") chips.append(el("span", `chip stage ${s.stage}`, { title: why(s, "stage", words) }, words.stages[s.stage] ?? s.stage));
  if (s.rating) chips.append(el("span", `chip ${s.rating < 0 ? "down" : "up"}`, {}, icon("thumb"), el("span", "sr", {}, s.rating < 0 ? words.ratedDown : words.ratedUp)));
  if (s.lang) chips.append(el("span", "chip", { title: lang }, el("span", "", { "aria-hidden": "true" }, s.lang.toUpperCase()), el("span", "sr", {}, lang)));
  return chips;
}
