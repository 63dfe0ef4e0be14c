/**
 * The entries of the knowledge: search, where each comes from, whether it is in use; edit, hide, show again.
 *
 * @typedef {import("./types").Entry} Entry
 * @typedef {import("./types").Page} Page
 */
import { button, el } from "../parts.js";
import { edit } from "./editor.js";
import { moment, number, query } from "./format.js";
import { glyph } from "./glyphs.js";
import { calm, choice, empty, head, line, once, press, sure, table, tag } from "./ui.js";

const PAGE = 50;

/** @param {Page} page */
export async function entries(page) {
  const { root, words, params, lang } = page;
  const w = words.entries;
  const place = line();
  const list = el("div", "stack");
  const count = el("p", "muted count", { role: "status" });
  const more = press("", words.more, () => load(true));
  /** @type {Entry[]} */ let shown = [];
  /** @type {string | null} */ let next = null;
  let asked = 0;

  const q = el("input", "", { type: "search", value: params.get("q") ?? "", placeholder: w.search, "aria-label": w.search });
  const kinds = /** @type {[string, string][]} */ (Object.entries(words.kinds));
  const kind = choice([["", w.anyKind], ...kinds], params.get("kind") ?? "", { "aria-label": w.kind });
  const spoken = choice([["", w.anyLang], ["en", words.langs.en], ["zh", words.langs.zh]], params.get("lang") ?? "", { "aria-label": w.lang });
  const origin = choice([["", w.anyOrigin], ["file", w.fromFile], ["edit", w.fromEdit]], params.get("origin") ?? "", { "aria-label": w.origin });
  const soon = calm(() => load());
  q.oninput = soon;
  for (const one of [kind, spoken, origin]) one.onchange = () => load();

  /** @param {boolean} [further] */
  async function load(further = false) {
    const turn = (asked += 1);
    const wanted = { q: q.value.trim(), kind: kind.value, lang: spoken.value, origin: origin.value };
    page.keep(wanted);
    list.setAttribute("aria-busy", "true");
    await once(further ? more : null, place, words, async () => {
      const found = await page.ask("GET", `/api/knowledge/entries${query({ ...wanted, after: further ? next : "", limit: PAGE })}`);
      if (turn !== asked) return;
      shown = further ? [...shown, ...found.items] : found.items;
      next = found.next;
      count.textContent = w.count(number(found.total, lang));
      draw();
    });
    list.removeAttribute("aria-busy");
  }

  function draw() {
    const filtered = q.value.trim() || kind.value || spoken.value || origin.value;
    const nothing = filtered ? empty("search", w.noneFound, w.noneFoundHelp) : empty("book", w.none, w.noneHelp);
    list.replaceChildren(shown.length ? sheet() : nothing);
    more.hidden = !next;
  }

  const sheet = () => table(w.title, [
    { label: w.entry, cell: title, name: "first" },
    { label: w.kind, cell: (one) => el("span", "nowrap", {}, `${words.kinds[one.kind]} · ${words.langs[/** @type {"en"} */ (one.lang)] ?? one.lang}`) },
    { label: w.from, cell: from },
    { label: w.state, cell: (one) => state(one, words) },
    { label: words.acts, cell: acts, name: "acts" },
  ], shown, { row: (one) => (one.hidden ? "hidden-row" : "") });

  /** @param {Entry} one */
  const title = (one) => el("div", "entry", {},
    button("link title", { onclick: () => change(one) }, one.title || one.entry),
    el("p", "clip", {}, one.text), el("code", "", {}, one.entry));

  /** @param {Entry} one */
  function from({ origin: o }) {
    const file = o.file ? [el("code", "", {}, o.line ? `${o.file}:${o.line}` : o.file)] : [];
    const by = o.edited_by ? [el("span", "by", {}, glyph("pen"), w.editedBy(o.edited_by)), el("span", "muted small", {}, moment(o.at, lang))] : [];
    return el("div", "from", {}, ...by, ...file);
  }

  /** @param {Entry} one */
  function acts(one) {
    const name = one.title || one.entry;
    if (one.hidden) return el("div", "row", {}, small("eye", w.restore, name, (pressed) => turn(pressed, one, "restore")));
    const edited = Boolean(one.origin.edited_by);
    return el("div", "row", {},
      small("pen", w.edit, name, () => change(one)),
      edited
        ? small("back", one.origin.file ? w.drop : w.remove, name, (pressed) => turn(pressed, one, "drop"))
        : small("hide", w.hide, name, (pressed) => turn(pressed, one, "hide")));
  }

  /** @param {HTMLButtonElement} pressed @param {Entry} one @param {"restore" | "drop" | "hide"} what */
  async function turn(pressed, one, what) {
    if (what === "drop" && !(await sure(w.sureDrop(one.title || one.entry), w.drop, words))) return;
    const path = `/api/knowledge/entries/${encodeURIComponent(one.entry)}`;
    const suffix = query({ lang: one.lang });
    await once(pressed, place, words, async () => {
      await (what === "restore" ? page.ask("POST", `${path}/restore${suffix}`) : page.ask("DELETE", path + suffix));
      page.say(w.done[what]);
      await load();
    });
  }

  /** @param {Entry | null} one */
  const change = (one) => edit(page, one, async () => {
    page.say(w.saved);
    await load();
  });

  root.append(
    head(w.title, w.about, press("plus", w.add, () => change(null), "main")),
    el("div", "filters", { role: "search" }, q, kind, spoken, origin),
    place, count, list, el("div", "row middle", {}, more));
  more.hidden = true;
  await load();
}

/** @param {import("./glyphs.js").Glyph} sign @param {string} text @param {string} about what it is done to, for screen readers
 * @param {(pressed: HTMLButtonElement) => void} act */
export function small(sign, text, about, act) {
  const node = button("press small", { "aria-label": `${text}: ${about}`, onclick: () => act(node) }, glyph(sign), text);
  return node;
}

/** @param {Entry} one @param {import("./types").Words} words */
function state(one, words) {
  const w = words.entries;
  const version = one.snapshot ? el("code", "", {}, one.snapshot) : el("span", "muted small", {}, w.inNone);
  if (one.hidden) return el("div", "state", {}, tag("off", w.hidden), version);
  if (one.failed) return el("div", "state", {}, tag("bad", w.failed), el("span", "small", {}, one.failed));
  if (one.indexed) return el("div", "state", {}, tag("good", w.indexed), version);
  return el("div", "state", {}, tag("soon", one.snapshot ? w.changed : w.fresh), version);
}
