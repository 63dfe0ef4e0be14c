/** The dialogs that touch the knowledge: finding a product or passage for a reply, and saying what would have been right. */
import { button, el, safe, write } from "../parts.js";
import { sheet } from "./parts.js";

const PAUSE_MS = 180;

/** @typedef {{ title: string, about: string, text: string, kind: string }} Option */

/** @param {import("./types").Room} room @param {string} lang @param {(text: string) => void} take */
export function searchKnowledge(room, lang, take) {
  const { words } = room;
  /** @type {Option[]} */
  let options = [];
  let at = 0;
  let asked = 0;
  /** @type {any} */
  let timer = 0;
  const box = el("div", "options found", { role: "listbox", id: "found", "aria-label": words.search });
  const said = el("p", "muted", { role: "status" }, words.searchFirst);
  const input = el("input", "", {
    type: "search", placeholder: words.searchHere, role: "combobox", "aria-label": words.search, "aria-controls": "found", "aria-expanded": "true", "aria-autocomplete": "list",
    oninput: () => (clearTimeout(timer), (timer = setTimeout(look, PAUSE_MS))),
    onkeydown: key,
  });
  const dialog = sheet(words.insert, words, "wide-sheet", input, said, box);
  input.focus();

  async function look() {
    const mine = ++asked;
    const q = input.value.trim();
    const query = new URLSearchParams({ q, limit: "8", ...(lang && { lang }) });
    /** @type {import("./types").Found | null} */
    const found = q ? await room.ask("search", "GET", `/api/desk/search?${query}`) : { passages: [], products: [] };
    if (mine !== asked || !found) return;
    options = [...found.products.map(product), ...found.passages.map(passage)];
    at = 0;
    box.replaceChildren(...options.map(option));
    write(said, !q ? words.searchFirst : options.length ? words.results(options.length) : words.nothing);
    mark();
  }

  /** @param {Option} o @param {number} i */
  function option(o, i) {
    const first = i === 0 || options[i - 1].kind !== o.kind;
    return el("div", first ? "option first" : "option", { role: "option", id: `found-${i}`, onclick: () => choose(i) },
      el("small", "kind", {}, o.kind), el("b", "", {}, o.title), el("span", "what", {}, o.about));
  }

  /** @param {import("../types").Card} c @returns {Option} */
  function product(c) {
    const about = `${c.price} · ${words.stock(c.stock)}${c.note ? ` · ${c.note}` : ""}`;
    return { kind: words.products, title: c.name, about, text: joined(`${c.name}, ${c.price}`, c.url) };
  }

  /** @param {import("./types").Found["passages"][number]} p @returns {Option} */
  const passage = (p) => ({ kind: words.passages, title: p.title, about: p.excerpt, text: joined(p.excerpt, p.url) });

  function mark() {
    for (const [i, node] of [...box.children].entries()) {
      node.ariaSelected = String(i === at);
      if (i === at) node.scrollIntoView({ block: "nearest" });
    }
    if (options.length) input.setAttribute("aria-activedescendant", `found-${at}`);
    else input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} e */
  function key(e) {
    const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
    if (e.isComposing || (!step && e.key !== "Enter")) return;
    e.preventDefault();
    if (e.key === "Enter") return choose(at);
    at = (at + step + options.length) % (options.length || 1);
    mark();
  }

  /** @param {number} i */
  function choose(i) {
    if (!options[i]) return;
    dialog.close();
    take(options[i].text);
  }
}

/** @param {string} text @param {string} url */
const joined = (text, url) => (safe(url) ? `${text}\n${safe(url)}` : text);

/**
 * @param {Pick<import("./types").Room, "words" | "ask" | "dispatch">} room @param {string} conversation
 * @param {import("./types").StaffMessage} m the bot's reply @param {string} question what it answered
 */
export function markWrong(room, conversation, m, question) {
  const { words } = room;
  const answer = el("textarea", "", { id: "right-answer", rows: 5, maxLength: 4000, required: true });
  const form = el("form", "stack", {},
    el("p", "muted", {}, words.wrongAbout),
    el("div", "said", {}, el("h3", "", {}, words.question), el("p", "", {}, question || "–"), el("h3", "", {}, words.reply), el("p", "", {}, m.text)),
    el("div", "field", {}, el("label", "", { for: "right-answer" }, words.answer), answer),
    el("div", "row end", {}, button("press", { onclick: () => dialog.close() }, words.cancel), button("press main", { type: "submit" }, words.suggestIt)));
  const dialog = sheet(words.wrongTitle, words, "wide-sheet", form);
  answer.focus();
  form.onsubmit = async (e) => {
    e.preventDefault();
    const text = answer.value.trim();
    answer.ariaInvalid = String(!text);
    if (!text) return answer.focus();
    if (!(await room.ask("wrong", "POST", "/api/desk/wrong", { conversation, seq: m.seq, answer: text }))) return;
    room.dispatch({ type: "marked", conversation, seq: m.seq });
    room.dispatch({ type: "notice", code: "wrong", about: "", conversation, now: Date.now(), good: true });
    dialog.close();
  };
}
