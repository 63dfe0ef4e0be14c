/**
 * Elements, icons, links, and one message. What comes from outside goes in as text, never as markup.
 *
 * @typedef {import("./types").Message} Message
 * @typedef {import("./types").Citation} Citation
 * @typedef {import("./types").Words} Words
 * @typedef {import("./types").Setting} Setting
 */
const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  chat: "M12 4c-5 0-9 3.2-9 7.2 0 2.3 1.3 4.3 3.4 5.6L5.6 20.5l4-2.2c.8.1 1.6.2 2.4.2 5 0 9-3.2 9-7.2S17 4 12 4z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  stop: "M7.5 7.5h9v9h-9z",
  up: "M7 21V10.5L11.5 3c1.5 0 2.5 1 2.2 2.7L13 9h5.5a1.8 1.8 0 0 1 1.8 2.2l-1.7 8a2.2 2.2 0 0 1-2.1 1.8zM3.5 10.5V21",
  out: "M9 5H5v14h14v-4M13.5 4.5h6v6M19 5l-8.5 8.5",
};

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [name] @param {Record<string, any>} [more] properties; `aria-…`, `role`, `for` are attributes
 * @param {(Node | string)[]} inside
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, name = "", more = {}, ...inside) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const [key, value] of Object.entries(more)) {
    if (/^(aria-|role$|for$)/.test(key)) node.setAttribute(key, value);
    else /** @type {any} */ (node)[key] = value;
  }
  node.append(...inside);
  return node;
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstElementChild?.setAttribute("d", ICONS[name]);
  return svg;
}

/** @param {string} name @param {Record<string, any>} more @param {(Node | string)[]} inside */
export const button = (name, more, ...inside) => el("button", name, { type: "button", ...more }, ...inside);

/** An http(s) address, or "". @param {string} url */
export function safe(url) {
  try {
    const full = new URL(url, document.baseURI);
    return url && /^https?:$/.test(full.protocol) ? full.href : "";
  } catch {
    return "";
  }
}

/** The shop's own pages open here, others in a new tab. @param {string} href */
export const toward = (href) =>
  new URL(href).origin === location.origin ? { href } : { href, target: "_blank", rel: "noopener noreferrer" };

/** Leaves live regions quiet if nothing changed. @param {Node} node @param {string} text */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const MARK = /\[(\d{1,2})\]/;

/** @param {Message} m @param {Setting} setting */
export function bubble(m, setting) {
  const { words } = setting;
  if (m.author === "system") {
    return el("div", "note", {}, m.text || (words.events[/** @type {keyof Words["events"]} */ (m.event)] ?? ""));
  }
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

/** @param {import("./types").Pending} p @param {boolean} linked @param {Setting} setting */
export function unsent(p, linked, { words, line, edit }) {
  const text = el("div", "text", {}, p.text);
  const node = el("div", "msg shopper unsent", {}, el("span", "sr", {}, `${words.by.shopper}: `), text);
  const foot = el("div", "foot");
  if (p.failed) {
    const again = button("", { onclick: () => line.retry(p.id) }, words.retry);
    const change = button("", { onclick: () => edit(p) }, words.edit);
    foot.append(el("span", "bad", {}, p.failed === "old" ? words.old : words.failed), again, change);
  } else if (linked) foot.append(el("span", "soon", {}, words.sending));
  else foot.append(el("span", "", {}, words.unsent), button("", { onclick: () => line.retry(p.id) }, words.retry));
  node.append(foot);
  return node;
}

/** `[n]` with a citation as a button, `| a | b |` as a table; returns these numbers. Without a setting only drawn alike.
 * @param {HTMLElement} node @param {string} text @param {Citation[]} citations @param {Setting} [setting] */
export function spell(node, text, citations, setting) {
  const used = new Set();
  const marked = (/** @type {string} */ piece) => piece.split(MARK).map((part, i) => {
    if (i % 2 === 0) return part;
    const found = citations.find((c) => c.n === Number(part));
    if (!setting) return el("span", "cite", { "aria-hidden": "true" }, part);
    if (!found) return `[${part}]`;
    used.add(found.n);
    return mark(found, setting);
  });
  node.replaceChildren(...text.split(/((?:^\|.*\n?)+)/m).flatMap((piece, i) => (i % 2 ? table(piece, marked) : marked(piece))));
  return used;
}

/** @param {string} text @param {any} marked */
const table = (text, marked) =>
  el("div", "table", { tabIndex: 0 }, el("table", "", {}, el("caption", "sr", {}, text.split("\n")[0].replaceAll("|", " ")),
    ...(text.match(/.*[^|\s:-].*/g) ?? []).map((line, y) => el("tr", "", {},
      ...line.split("|").slice(1, -1).map((cell, x) => el(x && y ? "td" : "th", "", x && y ? {} : { scope: y ? "row" : "col" }, ...marked(cell)))))));

/** @param {Citation} c @param {Setting} setting */
const mark = (c, { words, cite }) =>
  button("cite", { "aria-label": words.source(c.n, c.title), title: c.title, onclick: () => cite(c) }, String(c.n));

/** @param {Citation[]} rest @param {Setting} setting */
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

/** A foreign picture only if the page wants it: its policy may forbid it, loudly.
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
function thumb(m, value, { words, line }) {
  const label = value > 0 ? words.up : words.down;
  const node = button(value > 0 ? "thumb" : "thumb flip", { "aria-label": label, title: label }, icon("up"));
  node.onclick = () => line.rate(m.seq, node.ariaPressed === "true" ? 0 : value);
  node.ariaPressed = String(m.rating === value);
  return node;
}

/** @param {Element} node @param {number} rating */
export function rate(node, rating) {
  for (const thumb of node.querySelectorAll(".thumb")) {
    thumb.ariaPressed = String(rating === (thumb.classList.contains("flip") ? -1 : 1));
  }
}
