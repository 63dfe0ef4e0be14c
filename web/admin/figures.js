/**
 * The figures as charts and tables need them, from what `bot/insights.py` tells. Pure.
 *
 * @typedef {{day: string, conversations: number, messages: number}} Day
 * @typedef {{weekday: number, hour: number, messages: number}} Hour weekday 1 is Monday
 * @typedef {{name: string, id: string, count: number, note: string}} Line
 */

/** Outcomes in the order in which they are shown; they are never added up into one. */
export const OUTCOMES = /** @type {const} */ (["resolved", "assumed_resolved", "abandoned", "escalated", "reopened", "ongoing"]);

/** Messages by weekday (Monday first) and hour. @param {Hour[]} hours @returns {number[][]} seven rows of 24 */
export function week(hours) {
  const out = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const { weekday, hour, messages } of hours) out[weekday - 1][hour] = messages;
  return out;
}

/** Rows of passages or products: what to call each, and how often.
 * @param {{passage?: string, title?: string, product?: string, name?: string, choice?: string, count?: number}[]} rows @returns {Line[]} */
export const listed = (rows) =>
  rows.map(({ passage, title, product, name, choice, count }) => {
    const id = passage ?? product ?? "";
    return { name: title || name || id, id, count: count ?? 0, note: choice ?? "" };
  });

/** The busiest hour; null when there was none. @param {number[][]} rows @returns {{weekday: number, hour: number, count: number} | null} */
export function busiest(rows) {
  let best = null;
  for (const [weekday, row] of rows.entries()) {
    for (const [hour, count] of row.entries()) if (count > (best?.count ?? 0)) best = { weekday, hour, count };
  }
  return best;
}
