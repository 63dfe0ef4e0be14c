/**
 * How long data is kept, and erasing a shopper everywhere, with a receipt.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {{id: string, at: string, by: string, conversations: number, messages: number, notes: number, suggestions: number, redis_keys: number, search_rows: number, exports: Record<string, unknown>[], done: boolean}} Receipt
 */
import { el } from "../parts.js";
import { moment } from "./format.js";
import { card, choice, facts, field, head, line, once, press, sure, tag, tell } from "./ui.js";

/** @param {Page} page */
export async function privacy(page) {
  const { root, words } = page;
  const w = words.privacy;
  const retention = el("form", "stack", { noValidate: true });
  const place = line();
  root.append(head(w.title, w.about), el("div", "columns even", {}, card(w.retention, el("p", "muted", {}, w.retentionAbout), retention, place), erasure(page)));
  await once(null, place, words, async () => days(await page.ask("GET", "/api/retention"), retention, place, page));
}

/** @param {Record<string, number | null>} now @param {HTMLFormElement} form @param {HTMLElement} place @param {Page} page */
function days(now, form, place, page) {
  const { words } = page;
  const w = words.privacy;
  const fields = Object.entries(now).filter(([name]) => name.endsWith("_days")).map(([name, value]) => {
    const input = el("input", "slim", { type: "number", min: "0", step: "1", inputMode: "numeric", value: String(value ?? "") });
    return { name, input, node: field(w.days[/** @type {"notes_days"} */ (name)] ?? name, input) };
  });
  const keep = press("", w.save, () => {}, "main");
  keep.type = "submit";
  form.replaceChildren(el("div", "pair", {}, ...fields.map((one) => one.node)), el("div", "row", {}, keep));
  form.onsubmit = (event) => {
    event.preventDefault();
    const wrong = fields.find(({ input }) => !/^\d{1,5}$/.test(input.value));
    for (const { input } of fields) input.setAttribute("aria-invalid", String(input === wrong?.input));
    if (wrong) {
      tell(place, w.badDays, "bad");
      wrong.input.focus();
      return;
    }
    void once(keep, place, words, async () => {
      await page.ask("PUT", "/api/retention", Object.fromEntries(fields.map(({ name, input }) => [name, Number(input.value)])));
      tell(place, w.saved, "good");
    });
  };
}

/** @param {Page} page */
function erasure(page) {
  const { words, lang } = page;
  const w = words.privacy;
  const place = line();
  const proof = el("div", "stack", { tabIndex: -1 });
  const by = choice([["email", w.by.email], ["identity", w.by.identity], ["conversation", w.by.conversation]], "email");
  const whom = el("input", "", { autocomplete: "off", autocapitalize: "none", spellcheck: false, required: true });
  const erase = press("bin", w.erase, () => {}, "danger");
  erase.type = "submit";
  const form = el("form", "stack", { noValidate: true }, field(w.byWhat, by), field(w.whom, whom), place, el("div", "row", {}, erase));
  form.onsubmit = async (event) => {
    event.preventDefault();
    const value = whom.value.trim();
    if (!value) return whom.focus();
    if (!(await sure(w.sure(value), w.erase, words))) return;
    await once(erase, place, words, async () => {
      const receipt = /** @type {Receipt} */ (await page.ask("POST", "/api/shoppers/erase", { [by.value]: value }));
      whom.value = "";
      proof.replaceChildren(el("h3", "", {}, w.receipt), paper(receipt, page), el("p", "muted small", {}, w.receiptAbout));
      proof.focus();
      await earlier();
    });
  };
  const older = el("div");
  const earlier = async () => {
    const receipts = /** @type {Receipt[]} */ (await page.ask("GET", "/api/shoppers/erasures"));
    older.replaceChildren(...(receipts.length ? [el("h3", "", {}, w.earlier), ...receipts.map((one) => el("details", "", {}, el("summary", "", {}, `${moment(one.at, lang)} · ${one.by}`), paper(one, page)))] : []));
  };
  void once(null, place, words, earlier);
  return card(w.erasure, el("p", "muted", {}, w.erasureAbout), form, proof, older);
}

/** A receipt. @param {Receipt} one @param {Page} page */
function paper(one, { words, lang }) {
  const w = words.privacy;
  return facts([
    [w.number, el("code", "", {}, String(one.id))], [w.at, moment(one.at, lang)], [w.state, one.done ? tag("good", w.done) : tag("soon", w.going)],
    [w.conversations, String(one.conversations)], [w.messages, String(one.messages)], [w.notes, String(one.notes)], [w.suggestions, String(one.suggestions)],
    [w.redis, String(one.redis_keys)], [w.search, String(one.search_rows)], [w.exports, exports(one.exports, w.noExports)],
  ]);
}

/** Copies that left the house are listed, so that somebody can see to them. @param {Record<string, unknown>[]} list @param {string} none */
const exports = (list, none) =>
  list.length ? el("ul", "plain", {}, ...list.map((one) => el("li", "small", {}, Object.entries(one).map(([key, value]) => `${key}: ${value}`).join(" · ")))) : none;
