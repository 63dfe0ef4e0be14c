/**
 * The audit log: who did what, newest first, filtered by person and kind.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {{id: number, at: string, actor: string, action: string, target: string, detail: Record<string, unknown>, address: string}} Deed
 */
import { el } from "../parts.js";
import { moment, query } from "./format.js";
import { calm, choice, empty, head, line, once, press, table } from "./ui.js";

/** @param {Page} page */
export async function log(page) {
  const { root, words, params, lang } = page;
  const w = words.log;
  const place = line();
  const list = el("div");
  const actor = el("input", "", { type: "search", value: params.get("actor") ?? "", placeholder: w.actor, "aria-label": w.actor, autocapitalize: "none", spellcheck: false });
  const kinds = /** @type {[string, string][]} */ (Object.entries(w.kinds));
  const action = choice([["", w.anyKind], ...kinds], params.get("action") ?? "", { "aria-label": w.action });
  const more = press("", words.more, () => load(true));
  /** @type {Deed[]} */ let shown = [];
  /** @type {number | null} */ let next = null;
  let asked = 0;
  actor.oninput = calm(() => load());
  action.onchange = () => load();

  /** @param {boolean} [further] */
  async function load(further = false) {
    const turn = (asked += 1);
    const wanted = { actor: actor.value.trim(), action: action.value };
    page.keep(wanted);
    await once(further ? more : null, place, words, async () => {
      const found = await page.ask("GET", `/api/audit${query({ ...wanted, after: further ? next : "", limit: 50 })}`);
      if (turn !== asked) return;
      shown = further ? [...shown, ...found.entries] : found.entries;
      next = found.next;
      more.hidden = !next;
      list.replaceChildren(shown.length ? sheet() : empty("log", w.none, w.noneHelp));
    });
  }

  const sheet = () => table(w.title, [
    { label: w.at, cell: (one) => el("span", "nowrap", {}, moment(one.at, lang)) },
    { label: w.who, cell: (one) => one.actor || "–" },
    { label: w.action, cell: (one) => el("span", "", {}, w.actions[/** @type {"sign_in.ok"} */ (one.action)] ?? one.action), name: "first" },
    { label: w.target, cell: (one) => (one.target ? el("code", "", {}, one.target) : "–") },
    { label: w.detail, cell: (one) => el("span", "small muted", {}, detail(one.detail)) },
    { label: w.address, cell: (one) => el("span", "small muted", {}, one.address || "–") },
  ], shown);

  root.append(head(w.title, w.about), el("div", "filters", { role: "search" }, actor, action), place, list, el("div", "row middle", {}, more));
  more.hidden = true;
  await load();
}

/** @param {Record<string, unknown>} detail */
const detail = (detail) =>
  Object.entries(detail ?? {}).map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ");
