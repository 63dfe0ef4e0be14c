/** Help and settings: every key, and what this person chose on this machine. */
import { button, el } from "../parts.js";
import { sheet } from "./parts.js";

/** @type {[string[], keyof import("./types").Words["help"]][]} */
const KEYS = [
  [["↓", "↑", "J", "K"], "move"],
  [["Enter"], "open"],
  [["W"], "next"],
  [["L"], "list"],
  [["R"], "reply"],
  [["N"], "note"],
  [["/"], "canned"],
  [["Enter"], "send"],
  [["Esc"], "leave"],
  [["C"], "claim"],
  [["B"], "give_back"],
  [["Q"], "queue"],
  [["Shift", "X"], "close"],
  [["S"], "suggest"],
  [["F"], "insert"],
  [["?"], "help"],
];

/**
 * @param {import("./types").Room} room @param {import("./bell.js").Bell} bell
 * @param {{ theme(name: string): void, sound(on: boolean): void, leave(): void }} ways
 */
export function settings(room, bell, ways) {
  const { words, keep } = room;
  const keys = el("dl", "keys");
  for (const [names, what] of KEYS) {
    keys.append(el("div", "", {}, el("dt", "", {}, ...names.map((name) => el("kbd", "", {}, name))), el("dd", "", {}, words.help[what])));
  }
  const theme = el("select", "", { id: "theme", onchange: () => ways.theme(theme.value) }, ...Object.entries(words.themes).map(([value, text]) => el("option", "", { value }, text)));
  theme.value = keep.get("theme") || "auto";
  const lang = el("select", "", { id: "lang", onchange: () => choose(lang.value) }, el("option", "", { value: "en", lang: "en" }, "English"), el("option", "", { value: "zh", lang: "zh-Hans" }, "中文"));
  lang.value = room.lang;
  const chosen = el("div", "stack", {},
    check("sound", words.sound, bell.on, ways.sound),
    check("single", words.single, keep.get("single") !== "off", (on) => keep.set("single", on ? "" : "off")),
    el("div", "pair", {}, el("div", "field", {}, el("label", "", { for: "theme" }, words.theme), theme), el("div", "field", {}, el("label", "", { for: "lang" }, words.lang), lang)),
    el("div", "row", {}, el("a", "press", { href: "/transcripts" }, words.transcripts), ...(room.state().me.role === "admin" ? [el("a", "press", { href: "/admin" }, words.admin)] : []), button("press", { onclick: ways.leave }, words.leave)));
  const help = el("section", "stack", { "aria-labelledby": "keys-title" }, el("h3", "", { id: "keys-title" }, words.keys), el("p", "muted", {}, words.keysAbout), keys);
  return sheet(words.settings, words, "wide-sheet", el("div", "settings", {}, chosen, help));
}

/** The page in another language: what is written is kept, and the page comes anew. @param {string} lang */
export function choose(lang) {
  try {
    localStorage.setItem("aisle-lang", lang);
  } catch {
    // storage may be switched off; the address says it then
  }
  const to = new URL(location.href);
  to.searchParams.set("lang", lang);
  location.replace(to);
}

/** @param {string} id @param {string} text @param {boolean} on @param {(on: boolean) => void} set */
function check(id, text, on, set) {
  const input = el("input", "", { type: "checkbox", id: `set-${id}`, checked: on, onchange: () => set(input.checked) });
  return el("div", "check", {}, input, el("label", "", { for: `set-${id}` }, text));
}
