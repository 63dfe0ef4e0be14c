/** What several parts of the desk are made of: icons, lists that keep their nodes, dialogs, times. */
import { button, el } from "../parts.js";

const SVG = "http://www.w3.org/2000/svg";
const ICONS = {
  back: "M14.5 5.5L8 12l6.5 6.5",
  bell: "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15zM10 20.5h4",
  mute: "M6 16.5V11a6 6 0 0 1 9-5.2M18 11v5.5l1.5 1.5H8M10 20.5h4M4 4l16 16",
  bot: "M5 9.5A2.5 2.5 0 0 1 7.5 7h9A2.5 2.5 0 0 1 19 9.5v6a2.5 2.5 0 0 1-2.5 2.5h-9A2.5 2.5 0 0 1 5 15.5zM12 7V4M9.5 12v1.5M14.5 12v1.5",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  gear: "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8v4.4M9 14.8v4.4",
  hourglass: "M7 4h10M7 20h10M8 4c0 5 3 5.5 4 8-1 2.5-4 3-4 8M16 4c0 5-3 5.5-4 8 1 2.5 4 3 4 8",
  lock: "M7 11V8.5a5 5 0 0 1 10 0V11M6 11h12v8.5H6z",
  no: "M7 7l10 10M17 7L7 17",
  ok: "M5 12.5l4.5 4.5L19 7.5",
  person: "M12 12a3.7 3.7 0 1 0 0-7.4 3.7 3.7 0 0 0 0 7.4zM5 20c.6-3.6 3.4-5.4 7-5.4s6.4 1.8 7 5.4",
  search: "M11 17.5a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM16 16l4 4",
  send: "M5 12h13M12.5 6.5L18 12l-5.5 5.5",
  spark: "M12 4l1.8 5.2L19 11l-5.2 1.8L12 18l-1.8-5.2L5 11l5.2-1.8zM19 17v3M17.5 18.5h3",
  slash: "M15 5L9 19",
  thumb: "M7 20V10.5L11.5 3.5c1.5 0 2.5 1 2.2 2.7L13 9.5h5a1.8 1.8 0 0 1 1.8 2.2l-1.5 6.5a2.2 2.2 0 0 1-2.1 1.8z",
  warn: "M12 4.5L21 19.5H3zM12 10v4M12 16.8v.2",
};

/** @param {keyof typeof ICONS} name @param {string} [kind] */
export function icon(name, kind = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon ${kind}`);
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstElementChild?.setAttribute("d", ICONS[name]);
  return svg;
}

/**
 * The children of `parent` become `items`, in order. A key that is there already keeps its node if `make` returns it,
 * and with it focus and scrolling; what is the same value is not made again.
 *
 * @template T
 */
export class Keyed {
  /** @type {Map<string, { node: HTMLElement, value: T }>} */
  #shown = new Map();

  /** @param {HTMLElement} parent @param {(value: T, old: { node: HTMLElement, value: T } | undefined) => HTMLElement} make
   * @param {(a: T, b: T) => boolean} [same] */
  constructor(parent, make, same = Object.is) {
    this.parent = parent;
    this.make = make;
    this.same = same;
  }

  /** @param {{ key: string, value: T }[]} items */
  show(items) {
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { node }] of this.#shown) {
      if (!keys.has(key)) (node.remove(), this.#shown.delete(key));
    }
    let at = this.parent.firstElementChild;
    for (const { key, value } of items) {
      const node = this.#place(key, value, at);
      if (node === at) at = at.nextElementSibling;
      else if (at && !at.isConnected) at = node.nextElementSibling;
      else this.parent.insertBefore(node, at);
    }
  }

  /** @param {string} key @param {T} value @param {Element | null} at */
  #place(key, value, at) {
    const old = this.#shown.get(key);
    if (old && this.same(old.value, value)) return old.node;
    const node = this.make(value, old);
    if (old && old.node !== node) {
      old.node.replaceWith(node);
      if (old.node === at) at = node;
    }
    this.#shown.set(key, { node, value });
    return node;
  }

  /** @param {string} key */
  at(key) {
    return this.#shown.get(key)?.node;
  }
}

/**
 * A modal dialog; Esc and its cross close it, and the focus goes back to where it was.
 *
 * @param {string} title @param {import("./types").Words} words @param {string} kind @param {(Node | string)[]} inside
 */
export function sheet(title, words, kind, ...inside) {
  const close = button("plain", { "aria-label": words.dismiss, title: words.dismiss, onclick: () => dialog.close() }, icon("close"));
  const head = el("div", "sheet-head", {}, el("h2", "", { id: "sheet-title" }, title), close);
  const dialog = el("dialog", `sheet ${kind}`, { "aria-labelledby": "sheet-title", onclose: () => dialog.remove() }, head, el("div", "sheet-body", {}, ...inside));
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** How long something lasts, e.g. "4:07" or "1 h 5 min". @param {number} ms @param {import("./types").Words} words */
export function lasted(ms, words) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s >= 3600) return words.hours(Math.floor(s / 3600), Math.floor((s % 3600) / 60));
  return `${Math.floor(s / 60)}:${String(s % 60).padStart(2, "0")}`;
}

/** The time of a day that is today, else the day too. @param {string} iso @param {number} now @param {string} lang */
export function moment(iso, now, lang) {
  const at = new Date(iso);
  const today = at.toDateString() === new Date(now).toDateString();
  return format(lang, today ? { hour: "2-digit", minute: "2-digit" } : { month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }, at);
}

/** @param {string} iso @param {string} lang */
export const day = (iso, lang) => format(lang, { weekday: "long", month: "long", day: "numeric" }, new Date(iso));

/** @type {Map<string, Intl.DateTimeFormat>} */
const FORMATS = new Map();

/** @param {string} lang @param {Intl.DateTimeFormatOptions} how @param {Date} at */
function format(lang, how, at) {
  const key = lang + JSON.stringify(how);
  const made = FORMATS.get(key) ?? new Intl.DateTimeFormat(lang === "zh" ? "zh-CN" : undefined, { ...how, hour12: false });
  FORMATS.set(key, made);
  return Number.isNaN(at.getTime()) ? "" : made.format(at);
}

/** The first letters of a name, for a badge. @param {string} name */
export const initials = (name) => Array.from(name).slice(0, 2).join("").toUpperCase();

/** By what something was read, with the shopper's words. @param {{ name: string, words: string }} sign @param {import("./types").Words} words */
export function sign({ name, words: said }, words) {
  const kind = words.signs[/** @type {keyof typeof words.signs} */ (name)] ?? name;
  return said ? words.sign(kind, said) : kind;
}

/** Why a conversation has its mood or stage; "" where no sign says so. @param {import("./types").Summary} s @param {"mood" | "stage"} of @param {import("./types").Words} words */
export function why(s, of, words) {
  const found = s.signs?.find((one) => one.of === of);
  return found ? sign(found, words) : "";
}
