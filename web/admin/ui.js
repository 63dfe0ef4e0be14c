/**
 * What the sections of the admin's page are put together from: titles, tables, fields, dialogs, messages, empty places.
 * Text goes in as text. It does not know what is shown, nor the server.
 *
 * @typedef {import("./types").Words} Words
 * @typedef {import("./types").Page} Page
 * @typedef {import("./glyphs.js").Glyph} Glyph
 */
import { button, el } from "../parts.js";
import { Problem } from "../session.js";
import { glyph } from "./glyphs.js";

let made = 0;
/** @param {string} name */
const fresh = (name) => `${name}-${(made += 1)}`;

/** @param {string} title @param {string} about @param {(Node | string)[]} acts */
export const head = (title, about, ...acts) =>
  el("header", "head", {},
    el("div", "", {}, el("h1", "", { tabIndex: -1 }, title), el("p", "muted", {}, about)),
    el("div", "row acts", {}, ...acts));

/** @param {Glyph | ""} sign @param {string} text @param {(event: MouseEvent) => void} act @param {string} [name] */
export const press = (sign, text, act, name = "") =>
  button(`press ${name}`.trim(), { onclick: act }, ...(sign ? [glyph(sign)] : []), text);

/** A link that looks like what can be pressed. @param {Glyph} sign @param {string} text @param {string} href @param {Record<string, any>} [more] */
export const go = (sign, text, href, more = {}) => el("a", "press", { href, ...more }, glyph(sign), text);

/** What the server refused, in the reader's language first and then in its own words.
 * @param {HTMLElement} place @param {unknown} error @param {{errors: {other: string}}} words */
export function trouble(place, error, words) {
  const known = /** @type {Record<string, string>} */ (words.errors);
  place.className = "notice bad";
  place.setAttribute("role", "alert");
  if (!(error instanceof Problem)) {
    place.replaceChildren(words.errors.other, " ", el("span", "said", {}, String(error)));
    return;
  }
  const detail = error.message && error.code !== "offline" ? el("span", "said", {}, error.message) : "";
  place.replaceChildren(el("strong", "", {}, known[error.code] ?? words.errors.other), " ", detail, " ", el("code", "", {}, error.code));
}

/** An empty message line, to be filled by `trouble` or `tell`. */
export const line = () => el("p", "notice");

/** @param {HTMLElement} place @param {string} text @param {"" | "good" | "bad"} [kind] @param {(Node | string)[]} more */
export function tell(place, text, kind = "", ...more) {
  place.className = `notice ${kind}`.trim();
  place.setAttribute("role", kind === "bad" ? "alert" : "status");
  place.replaceChildren(text, ...(more.length ? [" ", ...more] : []));
}

/** Do it once: what was pressed waits meanwhile, and a refusal is told in `place`.
 * @param {HTMLElement | null} pressed @param {HTMLElement} place @param {Words} words @param {() => Promise<void>} act */
export async function once(pressed, place, words, act) {
  const box = /** @type {HTMLButtonElement | null} */ (pressed);
  if (box?.disabled) return;
  const focused = document.activeElement === box;
  if (box) box.disabled = true;
  pressed?.setAttribute("aria-busy", "true");
  place.replaceChildren();
  try {
    await act();
  } catch (error) {
    if (!(error instanceof DOMException && error.name === "AbortError")) trouble(place, error, words);
  } finally {
    if (box) box.disabled = false;
    pressed?.removeAttribute("aria-busy");
    if (focused && box?.isConnected && document.activeElement === document.body) box.focus();
  }
}

/**
 * A table that turns into cards where it is narrow; the roles stay, which `display` would take from it.
 *
 * @template T
 * @param {string} caption @param {import("./types").Column<T>[]} columns @param {readonly T[]} rows
 * @param {{name?: string, row?: (row: T) => string, head?: string}} [more] `row` gives class names
 */
export function table(caption, columns, rows, more = {}) {
  const heads = columns.map((one) => el("th", one.figure ? "figure" : "", { scope: "col", role: "columnheader" }, one.label));
  const body = rows.map((row) => el("tr", more.row?.(row) ?? "", { role: "row" }, ...columns.map((one) => {
    const cell = el("td", `${one.figure ? "figure " : ""}${one.name ?? ""}`.trim(), { role: "cell" }, one.cell(row));
    cell.dataset.label = one.label;
    return cell;
  })));
  return el("div", "wide", {},
    el("table", `sheet ${more.name ?? ""}`.trim(), { role: "table" },
      el("caption", "sr", {}, caption),
      el("thead", "", { role: "rowgroup" }, el("tr", "", { role: "row" }, ...heads)),
      el("tbody", "", { role: "rowgroup" }, ...body)));
}

/** A field with its label, and below it what helps to fill it in.
 * @template {HTMLElement} E @param {string} label @param {E} input @param {string} [help] */
export function field(label, input, help = "") {
  input.id ||= fresh("field");
  const node = el("div", "field", {}, el("label", "", { for: input.id }, label), input);
  if (help) {
    const said = el("p", "help muted", { id: fresh("help") }, help);
    input.setAttribute("aria-describedby", said.id);
    node.append(said);
  }
  return node;
}

/** @param {string} label @param {boolean} checked @param {(on: boolean) => void} [act] */
export function tick(label, checked, act) {
  const input = el("input", "", { type: "checkbox", checked, id: fresh("tick") });
  input.onchange = () => act?.(input.checked);
  return { input, node: el("div", "tick", {}, input, el("label", "", { for: input.id }, label)) };
}

/** @param {[string, string][]} options value and words @param {string} value @param {Record<string, any>} [more] */
export function choice(options, value, more = {}) {
  const node = el("select", "", more, ...options.map(([key, text]) => el("option", "", { value: key }, text)));
  node.value = value;
  return node;
}

/** @param {"good" | "bad" | "soon" | "off" | ""} kind @param {string} text */
export const tag = (kind, text) => el("span", `tag ${kind}`.trim(), {}, text);

/** Nothing to see, and what to do about it. @param {Glyph} sign @param {string} title @param {string} text @param {Node[]} acts */
export const empty = (sign, title, text, ...acts) =>
  el("div", "empty", {}, glyph(sign), el("h3", "", {}, title), el("p", "muted", {}, text), ...acts);

/** @param {string} title @param {(Node | string)[]} inside */
export const card = (title, ...inside) => el("section", "card stack", { "aria-label": title }, el("h2", "", {}, title), ...inside);

/**
 * A modal dialog; Escape and the cross close it, and the focus goes back to where it was.
 *
 * @param {string} title @param {Words} words @param {(Node | string)[]} inside
 */
export function dialog(title, words, ...inside) {
  const name = fresh("dialog");
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const close = button("cross", { "aria-label": words.close, onclick: () => box.close() }, glyph("close"));
  const box = el("dialog", "over", { "aria-labelledby": name },
    el("div", "split", {}, el("h2", "", { id: name }, title), close), ...inside);
  box.onclose = () => {
    box.remove();
    if (before?.isConnected) before.focus();
  };
  document.body.append(box);
  box.showModal();
  /** @type {HTMLElement | null} */ (box.querySelector("input, textarea, select, .press"))?.focus();
  return box;
}

/** Asks before something that cannot be taken back. @param {string} text @param {string} yes @param {Words} words @returns {Promise<boolean>} */
export function sure(text, yes, words) {
  return new Promise((answer) => {
    let said = false;
    const box = dialog(words.sure, words, el("p", "", {}, text), el("div", "row end", {},
      press("", words.cancel, () => box.close()),
      press("", yes, () => { said = true; box.close(); }, "main danger")));
    box.addEventListener("close", () => answer(said));
  });
}

/** Name and value, one below the other. @param {[string, Node | string][]} pairs */
export const facts = (pairs) =>
  el("dl", "facts", {}, ...pairs.map(([name, value]) => el("div", "", {}, el("dt", "", {}, name), el("dd", "", {}, value))));

/** Places in sources that are wrong, by file, line and column.
 * @param {import("./types").SourceProblem[]} problems @param {Words} words */
export const problemTable = (problems, words) =>
  table(words.problems.caption, [
    { label: words.problems.file, cell: (one) => el("code", "", {}, one.file || "–"), name: "first" },
    { label: words.problems.line, cell: (one) => (one.line ? String(one.line) : "–"), figure: true },
    { label: words.problems.column, cell: (one) => one.column || "–" },
    { label: words.problems.found, cell: (one) => one.found },
    { label: words.problems.wanted, cell: (one) => one.wanted },
  ], problems, { name: "bad" });

/** Wait until somebody has stopped typing. @param {() => void} act @param {number} [afterMs] */
export function calm(act, afterMs = 250) {
  let timer = 0;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(act, afterMs);
  };
}
