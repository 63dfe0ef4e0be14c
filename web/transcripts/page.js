/**
 * What the parts of the page share, and the line on top of it.
 *
 * @typedef {object} Page
 * @property {typeof import("../words/transcripts.en.js").default} words
 * @property {import("../staff/types").Words} staff the desk's words, for what both show
 * @property {"en" | "zh"} lang
 * @property {string} me
 * @property {(method: string, path: string, body?: unknown) => Promise<any>} ask who is no longer signed in is sent to the door
 * @property {(conversation: string) => void} open
 * @property {(text: string) => void} announce read out, not shown
 */
import { button, el } from "../parts.js";
import { initials } from "../staff/parts.js";
import { choose } from "../staff/settings.js";

/** @param {Page} page @param {boolean} admin */
export function top({ words, staff, lang, me }, admin) {
  const other = lang === "zh" ? "en" : "zh";
  const tongue = button("plain tongue", { lang: other === "zh" ? "zh-Hans" : "en", onclick: () => choose(other) }, other === "zh" ? "中文" : "English");
  const mark = el("img", "", { src: "/web/img/mark.svg", alt: "", width: 30, height: 30 });
  const nav = el("nav", "", { "aria-label": "Aisle" },
    el("a", "", { href: "/staff" }, staff.desk),
    el("a", "", { href: "/transcripts", "aria-current": "page" }, words.title),
    ...(admin ? [el("a", "", { href: "/admin" }, words.admin)] : []));
  return el("header", "top desk-top", {},
    el("a", "brand", { href: "/staff", "aria-label": "Aisle" }, mark, el("span", "", {}, "Aisle")), nav,
    el("div", "tools", {}, tongue, el("span", "me", { title: me }, initials(me))));
}
