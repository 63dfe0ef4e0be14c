/**
 * Gold questions: each with the passage that must be found for it, and how it did in the latest build.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {import("./types").Gold} Gold
 */
import { el } from "../parts.js";
import { small } from "./entries.js";
import { card, empty, line, once, problemTable, sure, table, tag } from "./ui.js";

/** @param {Page} page */
export function goldList(page) {
  const { words } = page;
  const w = words.gold;
  const place = line();
  const list = el("div", "stack");

  async function load() {
    const [{ items, problems }, runs] = await Promise.all([page.ask("GET", "/api/gold"), page.ask("GET", "/api/knowledge/runs")]);
    const last = runs.items.find((/** @type {import("./types").Run} */ run) => run.gold?.after);
    const score = last?.gold.after ?? null;
    list.replaceChildren(
      ...(problems?.length ? [problemTable(problems, words)] : []),
      ...(score ? [el("p", "muted", {}, w.last(score.passed, score.total, last.version ?? ""))] : []),
      items.length ? sheet(items, score) : empty("star", w.none, w.noneHelp));
  }

  /** @param {Gold[]} items @param {import("./types").Score | null} score */
  const sheet = (items, score) => table(w.title, [
    { label: w.question, cell: (one) => el("div", "entry", {}, el("strong", "", {}, one.question), el("code", "", {}, one.id)), name: "first" },
    { label: w.passage, cell: (one) => el("code", "", {}, one.passage) },
    { label: words.entries.lang, cell: (one) => one.lang },
    { label: w.result, cell: (one) => (!score ? "–" : score.missed.includes(one.id) ? tag("bad", w.missed) : tag("good", w.found)) },
    { label: words.acts, name: "acts", cell: (one) => (one.saved ? small("bin", w.forget, one.question, (pressed) => forget(pressed, one)) : el("span", "muted small", {}, w.shipped)) },
  ], [...items].sort((a, b) => Number(b.saved) - Number(a.saved)));

  /** @param {HTMLButtonElement} pressed @param {Gold} one */
  async function forget(pressed, one) {
    if (!(await sure(w.sure(one.question), w.forget, words))) return;
    await once(pressed, place, words, async () => {
      await page.ask("DELETE", `/api/gold/${encodeURIComponent(one.id)}`);
      await load();
    });
  }

  return { node: card(w.title, el("p", "muted", {}, w.about), place, list), load };
}
