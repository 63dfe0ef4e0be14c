/**
 * Prices and stock of now: a quick table. What is written here counts at once, in every worker, without a build.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {{sku: string, handle: string, name: string, options: string, currency: string, price: string, stock: number | null, live: {price: string | null, stock: number | null} | null}} Row
 */
import { el } from "../parts.js";
import { Problem } from "../session.js";
import { number, price, query, stock } from "./format.js";
import { calm, empty, head, line, once, press, table, tag, tell, tick } from "./ui.js";
import { small } from "./entries.js";

/** @param {Page} page */
export async function prices(page) {
  const { root, words, params, lang } = page;
  const w = words.prices;
  const place = line();
  const list = el("div", "stack");
  const count = el("p", "muted count", { role: "status" });
  const q = el("input", "", { type: "search", value: params.get("q") ?? "", placeholder: w.search, "aria-label": w.search });
  const own = tick(w.onlyLive, params.get("live") === "yes", () => load());
  const more = press("", words.more, () => load(true));
  /** @type {Row[]} */ let rows = [];
  /** @type {string | null} */ let next = null;
  let asked = 0;
  q.oninput = calm(() => load());

  /** @param {boolean} [further] */
  async function load(further = false) {
    const turn = (asked += 1);
    page.keep({ q: q.value.trim(), live: own.input.checked ? "yes" : "" });
    await once(null, place, words, async () => {
      const found = await page.ask("GET", `/api/products${query({ q: q.value.trim(), lang, live: own.input.checked ? "true" : "", after: further ? next : "", limit: 60 })}`);
      if (turn !== asked) return;
      rows = further ? [...rows, ...found.items] : found.items;
      next = found.next;
      count.textContent = w.count(number(found.total, lang));
      more.hidden = !next;
      list.replaceChildren(rows.length ? sheet() : empty("tag", w.none, w.noneHelp));
    });
  }

  const sheet = () => table(w.title, [
    { label: w.product, name: "first", cell: (one) => el("div", "entry", {}, el("strong", "", {}, one.name), ...(one.options ? [el("span", "muted small", {}, one.options)] : []), el("code", "", {}, one.sku)) },
    { label: w.source, cell: (one) => el("span", "nowrap", {}, `${one.price} ${one.currency}`), figure: true },
    { label: w.sourceStock, cell: (one) => (one.stock === null ? "∞" : number(one.stock, lang)), figure: true },
    { label: w.now, cell: (one) => editor(one), name: "acts" },
  ], rows);

  /** The two fields of a variant, and what came of them. @param {Row} one */
  function editor(one) {
    const said = el("p", "small", { role: "status" });
    const cost = el("input", "slim", { value: one.live?.price ?? "", placeholder: one.price, inputMode: "decimal", "aria-label": w.priceOf(one.sku) });
    const left = el("input", "slim", { value: one.live?.stock?.toString() ?? "", placeholder: one.stock === null ? "∞" : String(one.stock), inputMode: "numeric", "aria-label": w.stockOf(one.sku) });
    const save = small("check", w.save, one.sku, (pressed) => void keep(pressed));
    const form = el("form", "row quick", { noValidate: true }, cost, left, save, ...(one.live ? [tag("soon", w.live)] : []));
    save.type = "submit";
    save.onclick = null;
    form.onsubmit = (event) => {
      event.preventDefault();
      void keep(save);
    };

    /** @param {HTMLButtonElement} pressed */
    async function keep(pressed) {
      const [wanted, pieces] = [price(cost.value), stock(left.value)];
      cost.setAttribute("aria-invalid", String(wanted === undefined));
      left.setAttribute("aria-invalid", String(pieces === undefined));
      if (wanted === undefined || pieces === undefined) {
        tell(said, wanted === undefined ? w.badPrice : w.badStock, "bad");
        (wanted === undefined ? cost : left).focus();
        return;
      }
      await once(pressed, said, words, async () => {
        try {
          await page.ask("PATCH", "/api/products", { items: [{ sku: one.sku, price: wanted, stock: pieces }] });
        } catch (error) {
          if (error instanceof Problem && error.problems.length) return tell(said, error.problems.map((p) => w.refused(p.column, p.found, p.wanted)).join("; "), "bad");
          throw error;
        }
        one.live = wanted === null && pieces === null ? null : { price: wanted, stock: pieces };
        for (const node of form.querySelectorAll(".tag")) node.remove();
        if (one.live) form.append(tag("soon", w.live));
        tell(said, one.live ? w.saved : w.back, "good");
      });
    }
    return el("div", "", {}, form, said);
  }

  root.append(head(w.title, w.about), el("div", "filters", { role: "search" }, q, own.node), place, count, list, el("div", "row middle", {}, more));
  more.hidden = true;
  await load();
}
