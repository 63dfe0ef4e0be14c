/**
 * One message as an element: text, citations, product cards, what can be done with it.
 *
 * @typedef {import("./types").Message} Message
 * @typedef {import("./types").Citation} Citation
 * @typedef {import("./types").Words} Words
 * @typedef {import("./types").Setting} Setting
 */
import { button, el, icon, safe, toward } from "./dom.js";

/** The number in `[n]`, alone. */
const MARK = /\[(\d{1,2})\]/;

/** @param {Message} m @param {Setting} setting */
export function bubble(m, setting) {
  const { words } = setting;
  if (m.author === "system") return el("div", "note", {}, m.text || event(m, words));
  const body = el("div", "text");
  const used = spell(body, m.text, m.citations, setting);
  const node = el("div", `msg ${m.author}`, {}, el("span", "sr", {}, `${words.by[m.author]}: `), body);
  const rest = m.citations.filter((c) => !used.has(c.n));
  if (rest.length) node.append(sources(rest, setting));
  if (m.cards.length) node.append(el("div", "cards", {}, ...m.cards.map((card) => product(card, setting))));
  const foot = el("div", "foot");
  if (m.stopped) foot.append(el("span", "", {}, words.stopped));
  if (m.author !== "shopper") foot.append(thumb(m, 1, setting), thumb(m, -1, setting));
  node.append(foot);
  return node;
}

/** @param {Message} m @param {Words} words */
const event = (m, words) => /** @type {Record<string, string>} */ (words.events)[m.event ?? ""] ?? "";

/**
 * A message that is not acknowledged yet. @param {import("./types").Pending} p @param {boolean} linked @param {Setting} setting
 */
export function unsent(p, linked, { words, acts, edit }) {
  const text = el("div", "text", {}, p.text);
  const node = el("div", "msg shopper unsent", {}, el("span", "sr", {}, `${words.by.shopper}: `), text);
  const foot = el("div", "foot");
  if (p.failed) {
    const again = button("", { onclick: () => acts.retry(p.id) }, words.retry);
    const change = button("", { onclick: () => edit(p) }, words.edit);
    foot.append(el("span", "bad", {}, p.failed === "old" ? words.old : words.failed), again, change);
  } else if (linked) foot.append(el("span", "soon", {}, words.sending));
  else foot.append(el("span", "", {}, words.unsent), button("", { onclick: () => acts.retry(p.id) }, words.retry));
  node.append(foot);
  return node;
}

/**
 * Puts text into a node; each `[n]` that has its citation becomes a button. Without citations (an answer that still
 * streams) the numbers are drawn alike, and become buttons with the final message.
 *
 * @param {HTMLElement} node @param {string} text @param {Citation[]} citations @param {Setting} [setting]
 * @returns {Set<number>} the numbers that became buttons
 */
export function spell(node, text, citations, setting) {
  const used = new Set();
  const parts = text.split(MARK).map((part, i) => {
    if (i % 2 === 0) return part;
    const found = citations.find((c) => c.n === Number(part));
    if (!setting) return el("span", "cite", { "aria-hidden": "true" }, part);
    if (!found) return `[${part}]`;
    used.add(found.n);
    return mark(found, setting);
  });
  node.replaceChildren(...parts);
  return used;
}

/** @param {Citation} c @param {Setting} setting */
const mark = (c, { words, cite }) =>
  button("cite", { "aria-label": words.source(c.n, c.title), title: c.title, onclick: () => cite(c) }, String(c.n));

/** Passages that the text does not point at by number. @param {Citation[]} rest @param {Setting} setting */
const sources = (rest, { words, cite }) =>
  el("div", "sources", { role: "group", "aria-label": words.sources },
    ...rest.map((c) => button("source", { onclick: () => cite(c) }, el("span", "cite", {}, String(c.n)), c.title)));

/** @param {import("./types").Card} card @param {Setting} setting */
function product(card, { words, images }) {
  const href = safe(card.url);
  const state = card.stock < 1 ? "out" : card.stock <= 5 ? "few" : "in";
  const info = [
    el("span", "name", {}, card.name),
    el("span", "price", {}, card.price),
    el("span", `stock ${state}`, {}, words.stock(card.stock)),
  ];
  if (card.note) info.push(el("span", "why", {}, card.note));
  const inside = [picture(card, images), el("span", "info", {}, ...info)];
  return href ? el("a", "card", toward(href), ...inside) : el("div", "card", {}, ...inside);
}

/** The picture over a placeholder. One from elsewhere only if the page says so: its policy may forbid it, loudly.
 * @param {import("./types").Card} card @param {boolean} foreign */
function picture(card, foreign) {
  const frame = el("span", "pic", { "aria-hidden": "true" }, [...card.name][0] ?? "");
  const src = safe(card.image);
  if (src && (foreign || new URL(src).origin === location.origin)) {
    const img = el("img", "", { alt: "", loading: "lazy", onerror: () => img.remove(), src });
    frame.append(img);
  }
  return frame;
}

/** @param {Message} m @param {1 | -1} value @param {Setting} setting */
function thumb(m, value, { words, acts }) {
  const label = value > 0 ? words.up : words.down;
  const node = button(value > 0 ? "thumb" : "thumb flip", { "aria-label": label, title: label }, icon("up"));
  node.onclick = () => acts.rate(m.seq, node.ariaPressed === "true" ? 0 : value);
  node.ariaPressed = String(m.rating === value);
  return node;
}

/** Shows a rating on a bubble that stays in place, focus and all. @param {Element} node @param {number} rating */
export function rate(node, rating) {
  for (const thumb of node.querySelectorAll(".thumb")) {
    thumb.ariaPressed = String(rating === (thumb.classList.contains("flip") ? -1 : 1));
  }
}
