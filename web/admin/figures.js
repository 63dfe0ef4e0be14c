/**
 * The figures as charts and tables need them, from what the server tells. Pure.
 *
 * @typedef {{day: string, conversations: number, messages: number}} Day
 * @typedef {{name: string, id: string, count: number, note: string}} Line
 */

/** Outcomes in the order in which they are shown; they are never added up into one. */
export const OUTCOMES = /** @type {const} */ (["resolved", "assumed_resolved", "abandoned", "escalated", "reopened"]);

/** Counts by weekday (Monday first) and hour, from rows of 24 or from `{weekday, hour, count}`.
 * @param {any} hours @returns {number[][]} seven rows of 24 */
export function week(hours) {
  const out = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const [i, one] of (Array.isArray(hours) ? hours : []).entries()) {
    if (Array.isArray(one)) one.forEach((value, hour) => { if (out[i]) out[i][hour] = Number(value) || 0; });
    else if (out[one?.weekday]?.[one.hour] !== undefined) out[one.weekday][one.hour] += amount(one);
  }
  return out;
}

/** Pairs of name and count, from a mapping or from rows; the largest first. @param {any} found @returns {[string, number][]} */
export function counted(found) {
  const pairs = Array.isArray(found) ? found.map((one) => [one.lang ?? one.name ?? one.value ?? "", amount(one)]) : Object.entries(found ?? {}).map(([name, value]) => [name, Number(value) || 0]);
  return /** @type {[string, number][]} */ (pairs).sort((a, b) => b[1] - a[1]);
}

/** Rows of passages, products or questions: what to call each, and how often. @param {any} list @returns {Line[]} */
export const listed = (list) =>
  (Array.isArray(list) ? list : []).map((one) => ({
    name: String(one.title ?? one.name ?? one.question ?? one.text ?? one.passage ?? one.handle ?? one.product ?? ""),
    id: String(one.passage ?? one.handle ?? one.product ?? one.id ?? one.sku ?? ""),
    count: amount(one),
    note: [one.wanted, one.example, one.price].filter(Boolean).join(" · "),
  }));

/** @param {any} one */
const amount = (one) => Number(one?.count ?? one?.conversations ?? one?.times ?? one?.value ?? 0) || 0;

/** The busiest hour. @param {number[][]} rows @returns {{weekday: number, hour: number, count: number} | null} */
export function busiest(rows) {
  let best = null;
  for (const [weekday, row] of rows.entries()) {
    for (const [hour, count] of row.entries()) if (count > (best?.count ?? 0)) best = { weekday, hour, count };
  }
  return best;
}
