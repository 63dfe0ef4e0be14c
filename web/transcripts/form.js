/**
 * The search as a form, and the ways to export what it finds. What is chosen takes effect by itself, what is typed after
 * a pause or with Enter.
 *
 * @typedef {import("./search.js").Search} Search
 * @typedef {import("./page.js").Page} Page
 */
import { calm, choice, field } from "../admin/ui.js";
import { button, el, write } from "../parts.js";
import { icon } from "../staff/parts.js";
import { FORMATS, NAMES, asked, narrowed } from "./search.js";

const LONGEST = 200;
const EARLIEST = "2000-01-01"; // a year that is being typed is 0002 first

export class Form {
  #sent = "";

  /** @param {Page} page @param {(search: Search) => void} changed */
  constructor(page, changed) {
    this.page = page;
    this.changed = changed;
    const { words, staff } = page;
    const text = (/** @type {Record<string, any>} */ more = {}) => el("input", "", { maxLength: LONGEST, autocomplete: "off", spellcheck: false, ...more });
    const date = () => el("input", "", { type: "date", min: EARLIEST });
    const any = (/** @type {Record<string, string>} */ named) => choice([["", words.any], ...Object.entries(named)], "");
    const { all: _all, mine: _mine, others: _others, ...groups } = staff.groups;
    this.inputs = {
      q: text({ type: "search", placeholder: words.textHere, enterKeyHint: "search" }),
      from: date(),
      to: date(),
      rating: choice([["", words.any], ["1", words.ratings.up], ["-1", words.ratings.down], ["0", words.ratings.none]], ""),
      reason: any(staff.reasons),
      phase: any({ bot: groups.bot, waiting: groups.waiting, staff: staff.by.staff, closed: groups.closed }),
      spoken: any(staff.langs),
      staff: text({ autocapitalize: "none" }),
      product: text({ autocapitalize: "none" }),
    };
    const rest = NAMES.filter((name) => name !== "q").map((name) => field(words.fields[name], this.inputs[name], name === "product" ? words.productHelp : ""));
    this.count = el("b", "many");
    this.clear = button("link small", { onclick: () => this.#clear() }, words.clear);
    this.more = el("details", "more", {}, el("summary", "", {}, words.filters, this.count), el("div", "narrow-by", {}, ...rest));
    this.exports = FORMATS.map((format) => el("a", "", format === "html" ? { target: "_blank", rel: "noopener" } : { download: "" }, words.formats[format]));
    const way = el("details", "more", {}, el("summary", "", {}, words.exports),
      el("p", "muted", {}, words.exportsAbout), el("ul", "ways", { role: "list" }, ...this.exports.map((link) => el("li", "", {}, link))));
    this.node = el("form", "search", { role: "search", noValidate: true, "aria-label": words.search },
      el("div", "ask", {}, field(words.fields.q, this.inputs.q), el("button", "press main", { type: "submit", "aria-label": words.search }, icon("search"))),
      el("div", "narrowing", {}, this.more, this.clear), way);
    const later = calm(() => this.#send(), 350);
    // Letters from which Chinese is being chosen are not what is looked for.
    this.node.oninput = (event) => /** @type {InputEvent} */ (event).isComposing || later();
    this.node.addEventListener("compositionend", later);
    this.node.onsubmit = (event) => {
      event.preventDefault();
      this.#send(true);
    };
  }

  /** What of `search` can be shown; the rest is dropped. @param {Search} search */
  fill(search) {
    for (const name of NAMES) {
      const input = this.inputs[name];
      input.value = search[name];
      if (input instanceof HTMLSelectElement && input.selectedIndex < 0) input.value = "";
    }
    this.more.open ||= narrowed(this.read()) > 0;
    this.#sent = JSON.stringify(this.read());
    this.#show();
  }

  /** @returns {Search} */
  read() {
    return /** @type {Search} */ (Object.fromEntries(NAMES.map((name) => [name, this.inputs[name].value.trim()])));
  }

  #clear() {
    this.node.reset();
    this.#send(true);
    this.inputs.q.focus();
  }

  /** @param {boolean} [told] whether what is wrong with a date is said */
  #send(told = false) {
    const { from, to } = this.inputs;
    to.setCustomValidity(from.value && to.value && to.value < from.value ? this.page.words.backwards : "");
    for (const date of [from, to]) date.ariaInvalid = String(!date.validity.valid);
    const now = JSON.stringify(this.read());
    if (!told && now === this.#sent) return;
    if (!(told ? this.node.reportValidity() : this.node.checkValidity())) return;
    this.#sent = now;
    this.#show();
    this.changed(this.read());
  }

  #show() {
    const search = this.read();
    const many = narrowed(search);
    write(this.count, many ? String(many) : "");
    this.clear.hidden = !many && !search.q;
    for (const [i, format] of FORMATS.entries()) this.exports[i].href = `/api/transcripts/export?${asked(search, { format })}`;
  }
}
