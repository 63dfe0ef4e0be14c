/**
 * Where staff write: a reply or a private note, each kept for its conversation until it is sent; canned replies with
 * `/`, a suggested reply, products and passages by search.
 *
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Item} Item
 */
import { button, el, write } from "../parts.js";
import { CannedList, editCanned } from "./canned.js";
import { searchKnowledge } from "./knowledge.js";
import { icon } from "./parts.js";
import { allowed, group } from "./state.js";

const AGAIN_MS = 3_000; // how often "is writing" is said anew
const IDLE_MS = 4_000;
/** @type {Item["kind"][]} */
const KINDS = ["reply", "note"];

export class Composer {
  #of = "";
  /** @type {Item["kind"]} */
  #kind = "reply";
  #typed = 0;
  /** @type {any} */
  #idle = 0;
  #sources = "";

  /** @param {import("./types").Room} room @param {() => void} leave */
  constructor(room, leave) {
    this.room = room;
    const { words } = room;
    this.tabs = Object.fromEntries(KINDS.map((kind) => [kind, this.#tab(kind)]));
    const tablist = el("div", "tabs", { role: "tablist", "aria-label": words.compose, onkeydown: (/** @type {KeyboardEvent} */ e) => this.#turn(e) }, ...KINDS.map((k) => this.tabs[k]));
    this.holdText = el("p");
    this.claim = button("press main", { onclick: () => room.line.act("claim", this.#of) }, words.acts.claim);
    this.hold = el("div", "hold", {}, this.holdText, this.claim);
    this.input = el("textarea", "", {
      id: "compose", rows: 2, oninput: () => this.#input(), onkeydown: (/** @type {KeyboardEvent} */ e) => this.#key(e, leave), onblur: () => this.#quiet(),
    });
    this.canned = new CannedList(room, this.input, (text) => this.put(text, true), () => editCanned(room, () => this.canned.forget()));
    this.suggest = button("press tool", { onclick: () => void this.propose() }, icon("spark"), el("span", "", {}, words.suggest));
    this.insert = button("press tool", { onclick: () => this.search(), "aria-label": words.insert, title: words.insert }, icon("search"), el("span", "", { "aria-hidden": "true" }, words.insertShort));
    this.slash = button("press tool", { onclick: () => this.#slash(), "aria-label": words.canned, title: words.canned }, icon("slash"), el("span", "", { "aria-hidden": "true" }, words.canned));
    this.send = button("press main send", { type: "submit" }, icon("send"), el("span", "", {}, words.send));
    this.hint = el("p", "hint", { role: "status" });
    this.tools = el("div", "tools", {}, this.suggest, this.insert, this.slash);
    const form = el("form", "", {}, this.canned.node, el("label", "sr", { for: "compose" }, words.compose), this.input, this.hint, el("div", "under-input", {}, this.tools, this.send));
    form.onsubmit = (e) => (e.preventDefault(), this.submit());
    this.panel = el("div", "panel", { role: "tabpanel", id: "compose-panel" }, this.hold, form);
    this.form = form;
    this.node = el("div", "composer", {}, tablist, this.panel);
    this.input.setAttribute("aria-describedby", "compose-hint");
    this.hint.id = "compose-hint";
  }

  /** @param {State} state */
  render(state) {
    const conversation = state.thread?.conversation ?? "";
    if (conversation !== this.#of) this.#swap(conversation, "reply");
    const { words } = this.room;
    const s = state.conversations[conversation];
    const who = s ? group(s, state) : "gone";
    const writes = who === "mine" || this.#kind === "note";
    const had = this.form.contains(document.activeElement);
    this.form.hidden = !writes;
    this.hold.hidden = writes;
    if (!writes) {
      const why = words.hold[who];
      write(this.holdText, typeof why === "function" ? why(s?.staff ?? words.somebody) : why);
      this.claim.hidden = !allowed(s, state).includes("claim");
      this.claim.setAttribute("aria-disabled", String(state.link !== "open" || state.acts.some((a) => a.conversation === conversation)));
      if (had) (this.claim.hidden ? this.tabs.note : this.claim).focus();
    }
    this.tools.hidden = this.#kind === "note";
    this.node.dataset.kind = this.#kind;
    for (const kind of KINDS) {
      this.tabs[kind].ariaSelected = String(kind === this.#kind);
      this.tabs[kind].tabIndex = kind === this.#kind ? 0 : -1;
    }
    write(/** @type {Node} */ (this.send.lastChild), this.#kind === "note" ? words.saveNote : words.send);
    this.input.placeholder = this.#kind === "note" ? words.noteHere : words.replyHere;
    this.panel.setAttribute("aria-labelledby", `compose-${this.#kind}`);
    this.canned.lang = s?.lang ?? "";
  }

  /** @param {Item["kind"]} kind */
  focus(kind) {
    if (kind !== this.#kind) this.#swap(this.#of, kind);
    this.render(this.room.state());
    if (!this.form.hidden) this.input.focus();
    else (this.claim.hidden ? this.tabs[kind] : this.claim).focus();
  }

  /** Text for the field; what stands there already is kept, unless it is replaced. @param {string} text @param {boolean} [instead] */
  put(text, instead = false) {
    const had = instead ? "" : this.input.value.trimEnd();
    this.input.value = had ? `${had}\n\n${text}` : text;
    this.#input();
    this.input.focus();
    this.input.setSelectionRange(this.input.value.length, this.input.value.length);
    this.input.scrollTop = this.input.scrollHeight;
  }

  /** What could not be sent comes back to be written anew. @param {Item} item */
  edit(item) {
    this.room.line.discard(item.id);
    this.focus(item.kind);
    this.put(item.text);
  }

  submit() {
    const text = this.input.value.trim();
    if (!text || this.form.hidden) return;
    this.room.line.say(this.#kind, this.#of, text);
    this.#sources = "";
    this.input.value = "";
    this.#input();
    this.#quiet();
    this.input.focus();
  }

  async propose() {
    if (this.suggest.ariaBusy === "true" || this.#kind !== "reply" || this.form.hidden) return;
    const { room } = this;
    const of = this.#of;
    this.suggest.ariaBusy = "true";
    write(this.hint, room.words.suggesting);
    /** @type {import("./types").Suggested | null} */
    const found = await room.ask("suggest", "POST", "/api/desk/suggest", { conversation: of });
    this.suggest.ariaBusy = "false";
    if (of !== this.#of || this.form.hidden) return;
    const titles = (found?.citations ?? []).map((c) => c.title);
    this.#sources = found?.text ? room.words.suggested(titles.join(", ") || "–") : "";
    if (found && !found.text) room.dispatch({ type: "notice", code: "no_suggestion", about: "suggest", conversation: of, now: Date.now() });
    // a person's words carry no source marks
    if (found?.text) this.put(found.text.replace(/\s*\[\d{1,2}\]/g, ""));
    write(this.hint, this.#sources);
  }

  search() {
    if (this.#kind === "reply" && !this.form.hidden) searchKnowledge(this.room, this.canned.lang, (text) => this.put(text));
  }

  #slash() {
    if (this.input.value.trim()) void this.canned.open("");
    else this.put("/", true);
  }

  /** @param {Item["kind"]} kind */
  #tab(kind) {
    const choose = () => (this.#swap(this.#of, kind), this.render(this.room.state()));
    return button(`tab ${kind}`, { role: "tab", id: `compose-${kind}`, "aria-controls": "compose-panel", onclick: choose },
      ...(kind === "note" ? [icon("lock")] : []), this.room.words.tabs[kind]);
  }

  /** @param {KeyboardEvent} e */
  #turn(e) {
    if (!/^Arrow(Left|Right)$/.test(e.key)) return;
    e.preventDefault();
    const kind = this.#kind === "reply" ? "note" : "reply";
    this.tabs[kind].click();
    this.tabs[kind].focus();
  }

  /** @param {string} conversation @param {Item["kind"]} kind */
  #swap(conversation, kind) {
    this.#quiet();
    this.canned.close();
    this.#of = conversation;
    this.#kind = kind;
    this.#sources = "";
    this.input.value = this.room.tab.get(`draft:${kind}:${conversation}`);
    this.#grow();
  }

  #input() {
    const text = this.input.value;
    this.room.tab.set(`draft:${this.#kind}:${this.#of}`, text);
    if (!text) this.#sources = "";
    write(this.hint, this.#sources);
    this.#grow();
    if (this.#kind === "note") return;
    this.canned.typed(text);
    if (!text.trim() || text.startsWith("/")) this.#quiet();
    else this.#busy();
  }

  #busy() {
    if (Date.now() - this.#typed > AGAIN_MS) {
      this.#typed = Date.now();
      this.room.line.typing(this.#of, true);
    }
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#quiet(), IDLE_MS);
  }

  #quiet() {
    clearTimeout(this.#idle);
    if (this.#typed) this.room.line.typing(this.#of, false);
    this.#typed = 0;
  }

  #grow() {
    this.input.rows = 2;
    while (this.input.rows < 9 && this.input.scrollHeight > this.input.clientHeight) this.input.rows++;
  }

  /** @param {KeyboardEvent} e @param {() => void} leave */
  #key(e, leave) {
    // 229: Safari, on the Enter that ended a composition
    if (e.isComposing || e.keyCode === 229 || this.canned.key(e)) return;
    if (e.key === "Escape") {
      e.preventDefault();
      return leave();
    }
    if (e.key !== "Enter" || e.shiftKey || e.altKey) return;
    e.preventDefault();
    this.submit();
  }
}
