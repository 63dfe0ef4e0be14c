/**
 * What a check found: problems by place, the difference to what serves, and the gold questions before and after.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {import("./types").Words} Words
 * @typedef {import("./types").Score} Score
 */
import { el } from "../parts.js";
import { meter } from "./charts.js";
import { percent } from "./format.js";
import { glyph } from "./glyphs.js";
import { card, problemTable, table } from "./ui.js";

/** @param {import("./types").Checked} result @param {Page} page */
export function checked(result, page) {
  const { words } = page;
  const w = words.checked;
  const { diff, problems } = result;
  const same = !Object.values(diff).some((list) => list.length);
  const fine = el("p", "notice good", {}, w.fine);
  return el("div", "stack", {},
    card(w.problems, problems.length ? el("p", "notice bad", {}, w.wrong(problems.length)) : fine, ...(problems.length ? [problemTable(problems, words)] : [])),
    card(w.diff, ...(same ? [el("p", "muted", {}, w.same)] : [tiles(diff, words), ...lists(diff, words)])),
    card(w.gold, ...gold(result.gold, page)));
}

/** @param {import("./types").Checked["diff"]} diff @param {Words} words */
const tiles = (diff, words) =>
  el("ul", "tiles small-tiles", {}, ...Object.entries(diff).map(([name, list]) =>
    el("li", `tile ${name}`, {}, el("strong", "", {}, String(list.length)), el("span", "", {}, words.checked.of[/** @type {"added"} */ (name)]))));

/** @param {import("./types").Checked["diff"]} diff @param {Words} words */
function lists(diff, words) {
  const w = words.checked;
  const named = (/** @type {"added" | "changed" | "removed"} */ name) => diff[name].length
    ? [el("details", "", { open: diff[name].length <= 12 }, el("summary", "", {}, `${w.of[name]} (${diff[name].length})`),
        el("ul", `plain ${name}`, {}, ...diff[name].map((one) => el("li", "", {}, el("span", "", {}, one.title), " ", el("code", "", {}, one.id)))))]
    : [];
  const figures = (/** @type {"prices" | "stock"} */ name) => diff[name].length
    ? [el("details", "", { open: diff[name].length <= 12 }, el("summary", "", {}, `${w.of[name]} (${diff[name].length})`),
        table(w.of[name], [
          { label: w.sku, cell: (one) => el("code", "", {}, one.sku), name: "first" },
          { label: w.before, cell: (one) => el("del", "", {}, one.before), figure: true },
          { label: w.after, cell: (one) => el("strong", "", {}, "→ ", one.after), figure: true },
        ], diff[name]))]
    : [];
  return [...named("added"), ...named("changed"), ...named("removed"), ...figures("prices"), ...figures("stock")];
}

/** @param {import("./types").Scores} scores @param {Page} page */
export function gold(scores, { words, lang }) {
  const w = words.checked;
  const { before, after, unknown = [] } = scores;
  if (!before && !after) return [el("p", "muted", {}, w.noGold)];
  if (!(before ?? after)?.total) return [el("p", "muted", {}, w.noQuestions)];
  const missed = (after ?? before)?.missed ?? [];
  const worse = before && after && after.passed < before.passed;
  return [
    el("div", "scores", {}, ...(before ? [score(w.before, before, lang)] : []), ...(after ? [score(w.after, after, lang)] : [])),
    ...(worse ? [el("p", "notice bad", {}, glyph("warn"), " ", w.worse(before.passed - after.passed))] : []),
    ...(missed.length ? [el("details", "", {}, el("summary", "", {}, w.missed(missed.length)), el("ul", "plain", {}, ...missed.map((id) => el("li", "", {}, el("code", "", {}, id)))))] : []),
    ...(unknown.length ? [el("details", "", {}, el("summary", "", {}, w.unknown(unknown.length)), el("ul", "plain", {}, ...unknown.map((id) => el("li", "", {}, el("code", "", {}, id)))))] : []),
  ];
}

/** @param {string} name @param {Score} one @param {string} lang */
export const score = (name, one, lang) =>
  el("div", "score", {}, el("span", "muted", {}, name), el("strong", "", {}, `${one.passed} / ${one.total}`),
    meter(one.total ? one.passed / one.total : 0), el("span", "muted small", {}, percent(one.passed, one.total, lang)));
