/**
 * One thing in a conversation as staff see it: a message with its sources, products, rating and the reasons behind it;
 * a private note; an event; a day; what is not sent yet. Text only as text.
 *
 * @typedef {import("./types").StaffMessage} StaffMessage
 * @typedef {import("./types").Words} Words
 * @typedef {import("./types").Why} Why
 */
import { button, el, safe, spell, toward } from "../parts.js";
import { icon, moment, sheet, sign } from "./parts.js";

/**
 * What bubbles need besides their message.
 * @typedef {object} Setting
 * @property {Words} words
 * @property {string} lang
 * @property {string} me
 * @property {number} now
 * @property {(m: StaffMessage) => boolean} marked
 * @property {(m: StaffMessage) => void} wrong
 */

/**
 * What those need besides that are not sent yet.
 * @typedef {Setting & { line: import("./socket.js").DeskSocket, edit: (item: import("./types").Item) => void }} Writing
 */

/** @param {StaffMessage} m @param {Setting} setting */
export function bubble(m, setting) {
  const { words } = setting;
  if (m.author === "system") return event(m, setting);
  const body = el("div", "text");
  const cite = (/** @type {import("../types").Citation} */ c) => source(c, words);
  const used = spell(body, m.text, m.citations, /** @type {any} */ ({ words, cite }));
  const node = el("article", `msg ${m.author}`, {}, el("p", "who", {}, el("b", "", {}, named(m, setting)), stamp(m.at, setting)), body);
  const rest = m.citations.filter((c) => !used.has(c.n));
  if (rest.length) {
    node.append(el("div", "sources", { role: "group", "aria-label": words.sources },
      ...rest.map((c) => button("source", { onclick: () => cite(c) }, el("span", "cite", {}, String(c.n)), c.title))));
  }
  if (m.cards.length) node.append(el("div", "cards", {}, ...m.cards.map((card) => product(card, words))));
  node.append(foot(m, setting));
  if (m.author === "bot" && m.why) node.append(reasons(m.why, words));
  return node;
}

/** A new rating or mark changes the foot only: what is opened stays open. @param {HTMLElement} node @param {StaffMessage} m @param {Setting} setting */
export function refoot(node, m, setting) {
  const old = node.querySelector(":scope > .under");
  const focused = old?.contains(document.activeElement);
  old?.replaceWith(foot(m, setting));
  if (focused) /** @type {HTMLElement | null} */ (node.querySelector(".under button, summary"))?.focus();
}

/** @param {StaffMessage} m @param {Setting} setting */
function named(m, { words, me }) {
  if (m.author !== "staff") return words.by[m.author];
  return m.staff === me ? words.me : m.staff || words.by.staff;
}

/** @param {string} at @param {Setting} setting */
const stamp = (at, { now, lang }) => el("time", "", { dateTime: at }, moment(at, now, lang));

/** @param {StaffMessage} m @param {Setting} setting */
function foot(m, setting) {
  const { words } = setting;
  const node = el("div", "under");
  if (m.stopped) node.append(el("span", "", {}, words.stopped));
  if (m.rating) node.append(el("span", m.rating < 0 ? "rating down" : "rating up", {}, icon("thumb"), m.rating < 0 ? words.ratedDown : words.ratedUp));
  if (m.author !== "bot" || m.turn === null) return node;
  if (setting.marked(m)) node.append(el("span", "bad", {}, icon("no"), words.marked));
  else node.append(button("link small", { onclick: () => setting.wrong(m) }, words.wrong));
  return node;
}

/** @param {StaffMessage} m @param {Setting} setting */
function event(m, setting) {
  const { words } = setting;
  const what = m.event === "ask_staff" && m.staff ? "queue" : m.event;
  const said = words.events[/** @type {keyof Words["events"]} */ (what)] ?? m.text;
  const who = m.staff ? words.eventBy(said, m.staff === setting.me ? words.me : m.staff) : said;
  const reason = m.reason ? ` · ${words.reasons[m.reason] ?? m.reason}` : "";
  return el("p", `event ${m.event ?? ""}`, {}, `${who}${reason} `, stamp(m.at, setting));
}

/** @param {import("./types").Note} n @param {Setting} setting */
export const note = (n, setting) =>
  el("article", "msg note", {},
    el("p", "who", {}, icon("lock"), el("b", "", {}, setting.words.note), ` ${n.staff === setting.me ? setting.words.me : n.staff} `, stamp(n.at, setting)),
    el("div", "text", {}, n.text));

/** @param {import("./types").Item} item @param {boolean} linked @param {Writing} setting */
export function unsent(item, linked, setting) {
  const { words, line, edit } = setting;
  const under = el("div", "under");
  if (item.failed) {
    const code = /** @type {keyof Words["told"]} */ (item.failed);
    const why = words.told[code] ? ` ${words.told[code]}` : "";
    under.append(el("span", "bad", {}, words.failed + why), button("link small", { onclick: () => line.retry(item.id) }, words.retry));
    under.append(button("link small", { onclick: () => edit(item) }, words.takeBack), button("link small", { onclick: () => line.discard(item.id) }, words.discard));
  } else under.append(el("span", linked ? "soon" : "", {}, linked ? words.sending : words.unsent));
  const who = el("p", "who", {}, el("b", "", {}, item.kind === "note" ? words.note : words.me));
  return el("article", `msg unsent ${item.kind === "note" ? "note" : "staff"}`, {}, who, el("div", "text", {}, item.text), under);
}

/** @param {import("../types").Citation} c @param {Words} words */
function source(c, words) {
  const href = safe(c.url);
  const more = href ? [el("a", "press", toward(href), words.read)] : [];
  sheet(words.source(c.n, c.title), words, "narrow", el("blockquote", "", {}, c.excerpt), el("p", "muted mono", {}, c.passage), ...more);
}

/** @param {import("../types").Card} card @param {Words} words */
function product(card, words) {
  const inside = [
    el("b", "", {}, card.name),
    el("span", "", {}, `${card.price} · ${words.stock(card.stock)}`),
    ...(card.note ? [el("span", "muted", {}, card.note)] : []),
  ];
  const href = safe(card.url);
  return href ? el("a", "product", { ...toward(href), target: "_blank", rel: "noopener noreferrer" }, ...inside) : el("div", "product", {}, ...inside);
}

/** The inside is made when it is opened: most are not. @param {Why} why @param {Words} words */
function reasons(why, words) {
  const bad = why.claims.filter((c) => !c.supported).length;
  const mark = bad ? el("span", "verdict bad", {}, icon("no"), words.unsupported) : why.claims.length ? el("span", "verdict good", {}, icon("ok"), words.supported) : "";
  const node = el("details", "why", {}, el("summary", "", {}, words.why, mark));
  node.ontoggle = () => {
    if (node.open && node.childElementCount === 1) node.append(told(why, words));
  };
  return node;
}

/** @param {Why} why @param {Words} words */
function told(why, words) {
  const facts = el("dl", "facts");
  for (const [name, value] of [[words.query, why.query], [words.generator, why.generator], [words.fallback, why.fallback], [words.reading, read(why, words)], [words.timings, times(why.ms)]]) {
    if (value) facts.append(el("div", "", {}, el("dt", "", {}, name), el("dd", "", {}, value)));
  }
  return el("div", "told", {}, facts, el("h4", "", {}, words.hits), hits(why, words), el("h4", "", {}, words.claims), claims(why, words));
}

/** How the shopper's message was read, and by what. @param {Why} why @param {Words} words */
function read({ reading }, words) {
  if (!reading) return "";
  const signs = reading.signs.map(([, name, said]) => sign({ name, words: said }, words));
  return [words.stages[reading.stage] ?? reading.stage, words.moods[reading.mood] ?? reading.mood, ...signs].join(" · ");
}

/** @param {Record<string, number>} ms */
const times = (ms) => Object.entries(ms).map(([stage, t]) => `${stage} ${t < 10 ? t.toFixed(1) : Math.round(t)} ms`).join(" · ");

/** @param {Why} why @param {Words} words */
function hits({ hits }, words) {
  if (!hits.length) return el("p", "muted", {}, words.noHits);
  const head = [words.passage, words.score, words.exact, words.cosine, words.coverage].map((w) => el("th", "", { scope: "col" }, w));
  const rows = hits.map((h) => {
    const title = el("th", "", { scope: "row" }, h.title || h.passage, ...(h.title ? [el("small", "mono", {}, h.passage)] : []));
    const bar = el("i", "bar");
    bar.style.width = `${Math.round(52 * Math.max(0, Math.min(1, h.cosine)))}px`;
    const number = (/** @type {number | boolean} */ n) => (typeof n === "number" ? n.toFixed(2) : n ? "✓" : "–");
    return el("tr", "", {}, title, el("td", "", {}, number(h.score)), el("td", "", {}, number(h.exact)), el("td", "", {}, number(h.cosine), bar), el("td", "", {}, number(h.coverage)));
  });
  return el("div", "wide", { tabIndex: 0, role: "region", "aria-label": words.hits }, el("table", "", {}, el("thead", "", {}, el("tr", "", {}, ...head)), el("tbody", "", {}, ...rows)));
}

/** @param {Why} why @param {Words} words */
function claims({ claims }, words) {
  if (!claims.length) return el("p", "muted", {}, words.noClaims);
  return el("ul", "claims", {}, ...claims.map((c) =>
    el("li", c.supported ? "good" : "bad", {}, icon(c.supported ? "ok" : "no"), el("span", "sr", {}, `${c.supported ? words.supported : words.unsupported}: `), el("span", "chip", {}, c.kind), c.text)));
}
