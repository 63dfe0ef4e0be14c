/**
 * One conversation with everything in it, as the desk shows it; a reply can be marked wrong from here too.
 *
 * @typedef {import("../staff/types").Summary} Summary
 * @typedef {import("../staff/types").StaffMessage} StaffMessage
 * @typedef {{ summary: Summary, messages: StaffMessage[], notes: import("../staff/types").Note[] }} Whole
 * @typedef {import("./page.js").Page} Page
 */
import { moment } from "../admin/format.js";
import { tell, trouble } from "../admin/ui.js";
import { button, el, write } from "../parts.js";
import { bubble, note, refoot } from "../staff/bubble.js";
import { inOrder } from "../staff/conversation.js";
import { markWrong } from "../staff/knowledge.js";
import { day, icon } from "../staff/parts.js";
import { markIn, wanted } from "./marks.js";

export class Reading {
  #of = "";
  /** @type {Set<number>} */
  #wrong = new Set();

  /** @param {Page} page @param {() => void} back */
  constructor(page, back) {
    this.page = page;
    const { words, staff } = page;
    this.title = el("h1", "", { tabIndex: -1 });
    this.facts = el("p", "facts");
    this.desk = el("a", "press", {}, words.atDesk);
    const acts = el("div", "acts", { role: "group", "aria-label": staff.actions }, this.desk, button("press", { onclick: () => print() }, words.print));
    const leave = button("plain back", { "aria-label": staff.back, title: staff.back, onclick: back }, icon("back"));
    this.place = el("p", "notice");
    this.log = el("div", "log", { role: "log", "aria-live": "off", "aria-label": staff.log });
    this.scroll = el("div", "scroll", { tabIndex: 0, role: "region", "aria-label": staff.log }, this.place, this.log);
    this.talk = el("div", "talk", {}, el("header", "thread-head", {}, leave, el("div", "what", {}, this.title, this.facts), acts), el("div", "middle", {}, this.scroll));
    this.nothing = el("div", "nothing", {}, icon("search"), el("h1", "", {}, staff.pick), el("p", "muted", {}, words.pickMore));
    this.node = el("main", "thread", { id: "thread", tabIndex: -1 }, this.talk, this.nothing);
    this.close();
  }

  close() {
    this.#of = "";
    this.talk.hidden = true;
    this.nothing.hidden = false;
  }

  /** @param {string} conversation @param {string} q what was searched for, to be marked */
  async open(conversation, q) {
    const { page } = this;
    if (this.#of !== conversation) this.#wrong = new Set();
    this.#of = conversation;
    this.talk.hidden = false;
    this.nothing.hidden = true;
    this.log.replaceChildren();
    this.place.replaceChildren();
    this.desk.href = `/staff?${new URLSearchParams({ open: conversation })}`;
    write(this.title, page.staff.opening);
    write(this.facts, "");
    try {
      const whole = /** @type {Whole} */ (await page.ask("GET", `/api/transcripts/${encodeURIComponent(conversation)}`));
      if (this.#of === conversation) this.#show(whole, q);
    } catch (error) {
      if (this.#of !== conversation) return;
      write(this.title, page.words.notOpened);
      trouble(this.place, error, page.words);
    }
  }

  /** @param {Whole} whole @param {string} q */
  #show({ summary, messages, notes }, q) {
    const { words, staff, lang, me } = this.page;
    write(this.title, summary.lines[0] || staff.untitled);
    write(this.facts, this.#told(summary));
    this.facts.title = this.facts.textContent ?? "";
    /** @type {import("../staff/bubble.js").Setting} */
    const setting = {
      words: staff, lang, me, now: Date.now(),
      marked: (m) => this.#wrong.has(m.seq),
      wrong: (m) => this.#correct(m, messages, () => refoot(/** @type {HTMLElement} */ (nodes.get(m.seq)), m, setting)),
    };
    /** @type {Map<number, HTMLElement>} */
    const nodes = new Map();
    const made = inOrder(messages, notes).map(({ value }) => {
      if ("day" in value) return el("p", "day", {}, day(value.day, lang));
      if ("note" in value) return note(value.note, setting);
      const node = bubble(value.message, setting);
      nodes.set(value.message.seq, node);
      return node;
    });
    const asked = wanted(q);
    for (const node of made) for (const text of node.querySelectorAll(":scope > .text")) markIn(text, asked);
    this.log.replaceChildren(...made);
    this.scroll.scrollTop = 0;
    this.log.querySelector("mark")?.scrollIntoView({ block: "center" });
    this.page.announce(words.opened(summary.messages));
  }

  /** @param {Summary} s */
  #told(s) {
    const { words, staff, lang } = this.page;
    const spoken = staff.langs[/** @type {"en" | "zh"} */ (s.lang)] ?? s.lang;
    const phase = s.phase === "staff" ? s.staff || staff.by.staff : staff.groups[s.phase];
    return [moment(s.opened_at, lang), phase, s.reason && staff.reasons[s.reason], spoken, words.messages(s.messages), s.email, s.conversation].filter(Boolean).join(" · ");
  }

  /** @param {StaffMessage} m @param {StaffMessage[]} messages @param {() => void} redraw */
  #correct(m, messages, redraw) {
    const { page } = this;
    const question = messages.find((one) => one.seq === m.turn)?.text ?? "";
    markWrong({
      words: page.staff,
      ask: async (_about, method, path, body) => {
        try {
          return (await page.ask(method, path, body)) ?? {};
        } catch (error) {
          trouble(this.place, error, page.words);
          this.place.scrollIntoView({ block: "nearest" });
          return null;
        }
      },
      dispatch: (action) => {
        if (action.type === "marked") (this.#wrong.add(m.seq), redraw());
        if (action.type === "notice") tell(this.place, page.staff.told.wrong, "good");
      },
    }, this.#of, m, question);
  }
}
