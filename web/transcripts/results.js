/**
 * The conversations that were found, each a link to itself; more of them on demand.
 *
 * @typedef {import("../staff/types").Summary & { snippet: string }} Found
 * @typedef {import("./page.js").Page} Page
 */
import { moment } from "../admin/format.js";
import { trouble } from "../admin/ui.js";
import { button, el, write } from "../parts.js";
import { chips } from "../staff/list.js";
import { icon } from "../staff/parts.js";
import { marked, wanted } from "./marks.js";
import { address, asked } from "./search.js";

const AT_ONCE = 25;
const TO_NEXT = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 });

export class Results {
  #next = "";
  #asked = 0;
  #open = "";
  #last = "";
  /** @type {import("./search.js").Search | null} */
  #search = null;

  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    const { words } = page;
    this.said = el("p", "said-count", { role: "status" });
    this.rows = el("ol", "hits", { role: "list", "aria-label": words.found, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });
    this.place = el("p", "notice");
    this.again = button("press", { onclick: () => this.#search && void this.find(this.#search) }, words.again);
    this.more = button("press", { onclick: () => void this.#further() }, words.more);
    this.again.hidden = this.more.hidden = true;
    this.node = el("section", "found-list", { "aria-label": words.found }, this.said, this.rows, this.place, el("div", "after", {}, this.again, this.more));
  }

  /** From the start. @param {import("./search.js").Search} search */
  async find(search) {
    this.#search = search;
    await this.#ask("", (items) => {
      this.rows.replaceChildren(...items.map((item) => this.#row(item, search)));
    });
  }

  async #further() {
    const search = this.#search;
    if (!search) return;
    await this.#ask(this.#next, (items) => {
      const rows = items.map((item) => this.#row(item, search));
      const here = document.activeElement === this.more;
      this.rows.append(...rows);
      if (here) rows[0]?.querySelector("a")?.focus();
    });
  }

  /** What a later question has overtaken is not shown. @param {string} after @param {(items: Found[]) => void} show */
  async #ask(after, show) {
    const search = this.#search;
    if (!search) return;
    const mine = (this.#asked += 1);
    this.node.ariaBusy = "true";
    try {
      const page = await this.page.ask("GET", `/api/transcripts?${asked(search, { after, limit: String(AT_ONCE) })}`);
      if (mine !== this.#asked) return;
      this.place.replaceChildren();
      show(page.items);
      this.#next = page.next ?? "";
    } catch (error) {
      if (mine !== this.#asked) return;
      trouble(this.place, error, this.page.words);
      if (!after) (this.rows.replaceChildren(), (this.#next = ""));
    }
    this.node.ariaBusy = null;
    this.#tell(this.place.hasChildNodes() && !after);
  }

  /** @param {boolean} failed */
  #tell(failed) {
    const { words } = this.page;
    const shown = this.rows.childElementCount;
    const narrowed = Object.values(this.#search ?? {}).some(Boolean);
    this.again.hidden = !failed;
    this.more.hidden = failed || !this.#next;
    if (failed) write(this.said, "");
    else if (shown) write(this.said, this.#next ? words.shownSoFar(shown) : words.shown(shown));
    else write(this.said, narrowed ? words.nothing : words.none);
    this.said.classList.toggle("bare", !shown);
    this.open(this.#open);
  }

  /** Which one is shown beside the list. @param {string} conversation */
  open(conversation) {
    this.#open = conversation;
    this.#last = conversation || this.#last;
    for (const link of this.rows.querySelectorAll("a")) {
      if (link.dataset.conversation === conversation) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  /** Back to the one that was shown last. */
  focus() {
    const links = [...this.rows.querySelectorAll("a")];
    (links.find((link) => link.dataset.conversation === this.#last) ?? links[0])?.focus();
  }

  /** @param {Found} found @param {import("./search.js").Search} search */
  #row(found, search) {
    const { words, staff, lang, open } = this.page;
    const { conversation, phase } = found;
    const by = phase === "staff" ? found.staff || staff.by.staff : staff.groups[phase];
    const line = el("span", "line", {},
      el("span", "reason", {}, icon(phase === "bot" ? "bot" : phase === "closed" ? "ok" : phase === "waiting" ? "hourglass" : "person"), by),
      el("time", "time", { dateTime: found.last_at }, moment(found.last_at, lang)));
    const under = el("span", "line", {}, el("span", "reason", {}, [words.messages(found.messages), found.reason && staff.reasons[found.reason]].filter(Boolean).join(" · ")), chips(found, staff));
    const first = el("span", "first", {}, ...marked(found.lines[0] || staff.untitled, wanted(search.q)));
    const snippet = found.snippet && found.snippet !== found.lines[0] ? [el("span", "snippet", {}, ...marked(found.snippet, wanted(search.q)))] : [];
    const link = el("a", "hit", { href: address(search, conversation) }, line, first, ...snippet, under);
    link.dataset.conversation = conversation;
    link.onclick = (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      open(conversation);
    };
    return el("li", "", {}, link);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const by = TO_NEXT[event.key];
    if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
    const links = [...this.rows.querySelectorAll("a")];
    const to = links[links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement)) + by];
    if (!to) return;
    event.preventDefault();
    to.focus();
  }
}
