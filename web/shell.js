/** The widget's fixed parts, made once; `view.js` fills them. What the shopper does goes to `acts` or, inside, to `on`. */
import { button, el, icon } from "./dom.js";

/** @typedef {{ submit(): void, typed(): void, key(e: KeyboardEvent): void, scrolled(): void, toEnd(): void }} On */

/** @param {import("./types").Words} words @param {import("./types").Acts} acts @param {On} on */
export function shell(words, acts, on) {
  const badge = el("span", "badge", { "aria-hidden": "true" });
  const launcher = button("launcher", { "aria-controls": "panel", "aria-expanded": "false", onclick: acts.toggle },
    icon("chat"), icon("down"), badge);
  const name = el("h2", "", {}, words.title);
  const line = el("p", "line", { role: "status" });
  const close = button("plain", { "aria-label": words.close, onclick: acts.close }, icon("down"));
  const head = el("header", "", {}, el("span", "face", {}, icon("chat")), el("div", "who", {}, name, line), close);
  const talk = conversation(words, acts, on);
  const notice = el("p", "notice", { role: "status" });
  const wait = el("div", "wait", {}, el("p", "", {}, words.waiting), button("pill", { onclick: acts.withdraw }, words.back));
  const write = composer(words, acts, on);
  const main = el("div", "main", {}, head, talk.middle, notice, wait, write.box);
  const sheet = el("section", "sheet", { role: "dialog", "aria-labelledby": "source", hidden: true });
  const panel = el("section", "panel", { id: "panel", role: "dialog", hidden: true, onkeydown: on.key }, main, sheet);
  return { badge, launcher, name, line, notice, wait, main, sheet, panel, ...talk, ...write };
}

/** @param {import("./types").Words} words @param {import("./types").Acts} acts @param {On} on */
function conversation(words, acts, on) {
  const greeting = el("p", "msg bot greeting");
  // replayed history is not read out: the log speaks from the first status on
  const log = el("div", "log", { role: "log", "aria-live": "off", "aria-label": words.conversation });
  // outside the log: a screen reader hears the finished answer, not its pieces
  const draft = el("div", "text");
  const dots = el("div", "dots", { role: "img" }, el("i"), el("i"), el("i"));
  const stop = button("pill stop", { onclick: acts.stop }, icon("stop"), words.stop);
  const live = el("div", "msg bot live", {}, draft, dots, stop);
  const choices = el("div", "choices", { role: "group", "aria-label": words.suggestions });
  const scroll = el("div", "scroll", { tabIndex: 0, role: "region", "aria-label": words.conversation, onscroll: on.scrolled },
    greeting, log, live, choices);
  const jump = button("pill jump", { onclick: on.toEnd }, icon("down"), words.jump);
  return { greeting, log, draft, dots, stop, live, choices, scroll, jump, middle: el("div", "middle", {}, scroll, jump) };
}

/** @param {import("./types").Words} words @param {import("./types").Acts} acts @param {On} on */
function composer(words, acts, on) {
  const input = el("textarea", "", { id: "input", rows: 1, placeholder: words.placeholder, oninput: on.typed, "aria-describedby": "count" });
  const count = el("span", "count", { id: "count" });
  const send = button("send", { type: "submit", "aria-label": words.send }, icon("send"));
  const person = button("link", { onclick: acts.ask }, words.person);
  input.onkeydown = (e) => {
    // 229: Safari ends a composition just before the Enter that ended it
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    on.submit();
  };
  const form = el("form", "", {}, el("label", "sr", { for: "input" }, words.message), input, send);
  form.onsubmit = (e) => (e.preventDefault(), on.submit());
  return { input, count, send, person, box: el("div", "composer", {}, form, el("div", "under", {}, person, count)) };
}
