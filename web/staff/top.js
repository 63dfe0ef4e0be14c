/** The line on top of the desk: where one is, whether the line is live, opening hours, sound, language, who one is. */
import { button, el, write } from "../parts.js";
import { icon, initials } from "./parts.js";
import { choose } from "./settings.js";

export class Top {
  /** @param {import("./types").Room} room @param {{ sound(): void, settings(): void }} ways */
  constructor(room, ways) {
    const { words, lang } = room;
    this.words = words;
    this.link = el("p", "linked", { role: "status" });
    this.reload = button("press", { onclick: () => location.reload() }, words.reload);
    this.hours = el("p", "hours");
    this.me = el("span", "me");
    this.admin = el("a", "", { href: "/admin" }, words.admin);
    this.ring = button("plain", { "aria-label": words.sound, onclick: ways.sound });
    const other = lang === "zh" ? "en" : "zh";
    const tongue = button("plain tongue", { lang: other === "zh" ? "zh-Hans" : "en", onclick: () => choose(other) }, other === "zh" ? "中文" : "English");
    const gear = button("plain", { "aria-label": words.settings, title: `${words.settings} (?)`, onclick: ways.settings }, icon("gear"));
    const nav = el("nav", "", { "aria-label": "Aisle" }, el("a", "", { href: "/staff", "aria-current": "page" }, words.desk), el("a", "", { href: "/transcripts" }, words.transcripts), this.admin);
    const mark = el("img", "", { src: "/web/img/mark.svg", alt: "", width: 30, height: 30 });
    const brand = el("a", "brand", { href: "/staff", "aria-label": "Aisle" }, mark, el("span", "", {}, "Aisle"));
    const tools = el("div", "tools", {}, this.ring, tongue, gear, this.me);
    this.node = el("header", "top desk-top", {}, brand, nav, this.link, this.reload, this.hours, tools);
  }

  /** @param {import("./types").State} state @param {boolean} sound */
  render(state, sound) {
    const { words } = this;
    write(this.link, words.link[state.link]);
    this.link.dataset.is = state.link;
    this.reload.hidden = state.link !== "outdated";
    const open = state.hours.open ? words.openNow : words.closedNow;
    write(this.hours, state.ready ? [open, state.hours.text].filter(Boolean).join(" · ") : "");
    this.hours.title = this.hours.textContent ?? "";
    this.hours.classList.toggle("open", state.hours.open);
    write(this.me, initials(state.me.name));
    this.me.title = state.me.name;
    this.admin.hidden = state.me.role !== "admin";
    this.ringing(sound);
  }

  /** @param {boolean} on */
  ringing(on) {
    if (this.ring.ariaPressed === String(on)) return;
    this.ring.ariaPressed = String(on);
    this.ring.title = on ? this.words.soundOn : this.words.soundOff;
    this.ring.replaceChildren(icon(on ? "bell" : "mute"));
  }
}
