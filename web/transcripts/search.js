/**
 * What is searched for: as the page's address keeps it, and as the server is asked. Pure. `spoken` is the conversation's
 * language, since `lang` in an address is the page's own.
 *
 * @typedef {Record<typeof NAMES[number], string>} Search
 */
import { slug } from "../admin/format.js";

export const NAMES = /** @type {const} */ (["q", "from", "to", "rating", "reason", "phase", "spoken", "staff", "product"]);
export const FORMATS = /** @type {const} */ (["jsonl", "conversations.csv", "messages.csv", "html"]);

/** @param {URLSearchParams} params @returns {Search} */
export const read = (params) => /** @type {Search} */ (Object.fromEntries(NAMES.map((name) => [name, params.get(name) ?? ""])));

/** The page's address for it. @param {Search} search @param {string} open the conversation that is shown, or "" */
export function address(search, open) {
  const set = NAMES.filter((name) => search[name]).map((name) => [name, search[name]]);
  return `/transcripts${set.length || open ? `?${new URLSearchParams([...set, ...(open ? [["open", open]] : [])])}` : ""}`;
}

/** As the server is asked. @param {Search} search @param {Record<string, string>} [more] */
export function asked(search, more = {}) {
  const { spoken, from, to, product, ...rest } = search;
  const all = { ...rest, lang: spoken, product: handle(product), from: from && edge(from, 0), to: to && edge(to, 1), ...more };
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value)).toString();
}

/** How many filters are set besides the words. @param {Search} search */
export const narrowed = (search) => NAMES.filter((name) => name !== "q" && search[name]).length;

/** A product's name where its handle is wanted. @param {string} typed */
const handle = (typed) => (/\s/.test(typed) ? slug(typed) : typed);

/** The first or the last moment of a day as clocks here show it, which the server cannot know. @param {string} day @param {0 | 1} end */
function edge(day, end) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(new Date(year, month - 1, date + end).getTime() - end).toISOString();
}
