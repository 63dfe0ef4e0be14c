/**
 * Canned replies: a list over the field that opens with `/` and narrows as one types, and the dialog to edit them.
 *
 * @typedef {import("./types").Canned} Canned
 * @typedef {import("./types").Room} Room
 */
import { button, el, write } from "../parts.js";
import { icon, sheet } from "./parts.js";

const MOST = 8;

/** Those that fit, names that begin with it first, the conversation's language first. @param {Canned[]} all @param {string} asked @param {string} lang */
export function fitting(all, asked, lang) {
  const want = asked.trim().toLowerCase();
  const rank = (/** @type {Canned} */ c) => {
    const name = c.name.toLowerCase();
    const at = name.startsWith(want) ? 0 : name.includes(want) ? 1 : c.text.toLowerCase().includes(want) ? 2 : 9;
    return at + (c.lang && lang && c.lang !== lang ? 4 : 0) + (at === 9 ? 9 : 0);
  };
  return all.filter((c) => rank(c) < 9).sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)).slice(0, MOST);
}

export class CannedList {
  /** @type {Promise<Canned[]> | null} */
  #all = null;
  /** @type {Canned[]} */
  #shown = [];
  #at = 0;
  #asked = "";
  lang = "";

  /** @param {Room} room @param {HTMLTextAreaElement} input @param {(text: string) => void} take @param {() => void} edit */
  constructor(room, input, take, edit) {
    this.room = room;
    this.input = input;
    this.take = take;
    this.box = el("div", "options", { role: "listbox", id: "canned", "aria-label": room.words.canned });
    this.none = el("p", "muted none");
    this.node = el("div", "popup", { hidden: true }, this.box, this.none, button("link small", { onmousedown: (/** @type {Event} */ e) => e.preventDefault(), onclick: () => (this.close(), edit()) }, room.words.edit));
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", "canned");
    input.setAttribute("aria-haspopup", "listbox");
  }

  /** The next time they are asked for anew. */
  forget() {
    this.#all = null;
    this.#shown = [];
    this.box.replaceChildren();
  }

  /** @param {string} text */
  typed(text) {
    if (/^\/[^\n]*$/.test(text)) void this.open(text.slice(1));
    else this.close();
  }

  /** @param {string} asked */
  async open(asked) {
    this.#asked = asked;
    this.node.hidden = false;
    this.#all ??= this.room.ask("canned", "GET", "/api/desk/canned").then((found) => {
      if (!found) this.#all = null;
      return /** @type {Canned[]} */ (found ?? []);
    });
    const all = await this.#all;
    if (this.#asked !== asked || this.node.hidden) return;
    this.#shown = fitting(all, asked, this.lang);
    this.#at = 0;
    this.box.replaceChildren(...this.#shown.map((c, i) => this.#option(c, i)));
    write(this.none, this.#shown.length ? "" : this.room.words.cannedNone);
    this.room.announce(this.#shown.length ? this.room.words.cannedFound(this.#shown.length) : this.room.words.cannedNone);
    this.#mark();
  }

  close() {
    this.node.hidden = true;
    this.input.removeAttribute("aria-activedescendant");
  }

  /** Whether the key was for the list. @param {KeyboardEvent} e */
  key(e) {
    if (this.node.hidden) return false;
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    const chosen = (e.key === "Enter" && !e.shiftKey) || e.key === "Tab";
    if (!step && e.key !== "Escape" && !(chosen && this.#shown.length)) return false;
    e.preventDefault();
    if (step) this.#at = (this.#at + step + this.#shown.length) % (this.#shown.length || 1);
    if (e.key === "Escape") this.close();
    if (chosen) this.#choose(this.#at);
    this.#mark();
    return true;
  }

  /** @param {Canned} c @param {number} i */
  #option(c, i) {
    return el("div", "option", { role: "option", id: `canned-${i}`, onmousedown: (/** @type {Event} */ e) => e.preventDefault(), onclick: () => this.#choose(i) },
      el("b", "", {}, `/${c.name}`), el("span", "chip", {}, c.lang), el("span", "what", {}, c.text));
  }

  /** @param {number} i */
  #choose(i) {
    this.close();
    this.take(this.#shown[i].text);
  }

  #mark() {
    for (const [i, node] of [...this.box.children].entries()) {
      node.ariaSelected = String(i === this.#at);
      if (i === this.#at) node.scrollIntoView({ block: "nearest" });
    }
    if (!this.node.hidden && this.#shown.length) this.input.setAttribute("aria-activedescendant", `canned-${this.#at}`);
    else this.input.removeAttribute("aria-activedescendant");
  }
}

/** The dialog in which they are written. @param {Room} room @param {() => void} changed */
export async function editCanned(room, changed) {
  const { words } = room;
  /** @type {Canned[] | null} */
  const all = await room.ask("canned", "GET", "/api/desk/canned");
  if (!all) return;
  const rows = el("div", "stack");
  const add = (/** @type {Canned} */ c) => {
    const made = row(c, words);
    rows.append(made);
    return made;
  };
  all.forEach(add);
  const form = el("form", "stack", {}, el("p", "muted", {}, words.cannedAbout), rows,
    el("div", "row", {}, button("press", { onclick: () => add({ name: "", text: "", lang: room.lang }).querySelector("input")?.focus() }, words.add), button("press main", { type: "submit" }, words.save)));
  const dialog = sheet(words.canned, words, "wide-sheet", form);
  if (!all.length) add({ name: "", text: "", lang: room.lang }).querySelector("input")?.focus();
  form.onsubmit = async (e) => {
    e.preventDefault();
    const body = [...rows.children].map(read).filter((c) => c.name && c.text);
    if (!(await room.ask("canned", "PUT", "/api/desk/canned", body))) return;
    changed();
    dialog.close();
    room.dispatch({ type: "notice", code: "canned", about: "", conversation: "", now: Date.now(), good: true });
  };
}

/** @param {Canned} c @param {import("./types").Words} words */
function row(c, words) {
  const name = el("input", "", { name: "name", value: c.name, "aria-label": words.name, placeholder: words.name, maxLength: 40 });
  const lang = el("select", "", { name: "lang", "aria-label": words.lang }, el("option", "", { value: "en" }, words.langs.en), el("option", "", { value: "zh" }, words.langs.zh));
  lang.value = c.lang || "en";
  const text = el("textarea", "", { name: "text", value: c.text, "aria-label": words.text, placeholder: words.text, rows: 2, maxLength: 2000 });
  const drop = button("plain", { "aria-label": words.remove(c.name), title: words.remove(c.name), onclick: () => node.remove() }, icon("close"));
  const node = el("div", "canned-row", {}, name, lang, drop, text);
  return node;
}

/** @param {Element} node @returns {Canned} */
function read(node) {
  const of = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (node.querySelector(`[name="${name}"]`)).value.trim();
  return { name: of("name").replace(/^\/+/, ""), text: of("text"), lang: of("lang") };
}
