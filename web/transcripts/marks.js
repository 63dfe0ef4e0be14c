/**
 * Where the words that were searched for stand in a text. The server finds them by their stems; this comes near enough
 * to show them, and marks too little rather than too much. Text only as text.
 */
import { el } from "../parts.js";

const WORD = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}])+/gu;
const HAN = /\p{Script=Han}/u;
const SAY_NOTHING = new Set("a an and are as at be by can do does for from have how i if in is it me my no not of on or that the this to was what when where which who will with you your".split(" "));

/** @typedef {{ stems: Set<string>, han: string[] }} Wanted */

/** @param {string} q @returns {Wanted} */
export function wanted(q) {
  const words = q.normalize("NFKC").toLowerCase().match(WORD) ?? [];
  const cut = new Intl.Segmenter("zh", { granularity: "word" });
  const han = words.filter((word) => HAN.test(word)).flatMap((run) => {
    const parts = [...cut.segment(run)].map((part) => part.segment).filter((part) => part.length > 1);
    return parts.length ? parts : [run];
  });
  const rest = words.filter((word) => !HAN.test(word) && !SAY_NOTHING.has(word));
  return { stems: new Set(rest.map(stem)), han: [...new Set(han)] };
}

/** A word without its ending. @param {string} word */
function stem(word) {
  let text = word;
  if (/[^s]s$/.test(text) && text.length > 3) text = text.replace(/ies$/, "y").replace(/s$/, "");
  if (text.length > 5) text = text.replace(/(ing|ed)$/, "").replace(/([b-df-hj-np-tv-z])\1$/, "$1");
  return text.length > 3 ? text.replace(/e$/, "") : text;
}

/** The text in pieces, those at odd places marked. @param {string} text @param {Wanted} asked @returns {string[]} */
export function pieces(text, asked) {
  const found = places(text, asked).sort((a, b) => a[0] - b[0] || b[1] - a[1]);
  const out = [];
  let at = 0;
  for (const [start, end] of found) {
    if (start < at) continue;
    out.push(text.slice(at, start), text.slice(start, end));
    at = end;
  }
  return [...out, text.slice(at)];
}

/** @param {string} text @param {Wanted} asked */
function places(text, { stems, han }) {
  /** @type {[number, number][]} */
  const found = [];
  for (const match of text.matchAll(WORD)) {
    const [word] = match;
    if (!HAN.test(word)) {
      if (stems.has(stem(word.normalize("NFKC").toLowerCase()))) found.push([match.index, match.index + word.length]);
      continue;
    }
    for (const part of han) {
      for (let i = word.indexOf(part); i >= 0; i = word.indexOf(part, i + part.length)) found.push([match.index + i, match.index + i + part.length]);
    }
  }
  return found;
}

/** @param {string} text @param {Wanted} asked @returns {(Node | string)[]} */
export const marked = (text, asked) => pieces(text, asked).map((piece, i) => (i % 2 ? el("mark", "", {}, piece) : piece));

/** Marks what is inside of `node`, whose other elements stay. @param {Node} node @param {Wanted} asked */
export function markIn(node, asked) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  /** @type {Text[]} */
  const texts = [];
  while (walker.nextNode()) texts.push(/** @type {Text} */ (walker.currentNode));
  for (const text of texts) {
    const made = marked(text.data, asked);
    if (made.length > 1) text.replaceWith(...made);
  }
}
