/**
 * Draws the state; what is there stays, for focus, scrolling and screen readers.
 *
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Message} Message
 * @typedef {import("./types").Pending} Pending
 * @typedef {import("./types").Words} Words
 * @typedef {import("./socket.js").Socket} Socket
 */
import { bubble, button, el, icon, rate, safe, spell, toward, unsent, write } from "./parts.js";
import { answering, unread } from "./thread.js";

const NEAR_PX = 80; // still "at the end"

export class View {
  /** @type {Map<string, { node: HTMLElement, item: Message | Pending, linked: boolean }>} */
  #shown = new Map();
  /** @type {HTMLElement | null} */
  #cited = null;
  #open = false;
  #drawn = false;
  #max = 2000;
  #last = "";

  /** @param {ShadowRoot} root @param {Words} words @param {string} lang
   * @param {Socket} line @param {(text: string) => void} typed */
  constructor(root, words, lang, line, typed) {
    this.root = root;
    this.words = words;
    this.line = line;
    this.typed = typed;
    this.host = /** @type {import("./element.js").AisleChat} */ (root.host);
    /** @type {import("./types").Setting} */
    this.setting = {
      words,
      line,
      images: this.host.hasAttribute("images"),
      cite: (citation) => this.#cite(citation),
      edit: (item) => (line.discard(item.id), this.type(item.text), this.n.input.focus()),
    };
    this.n = shell(this);
    this.frame = el("div", "frame", { lang: lang === "zh" ? "zh-Hans" : lang }, this.n.panel, this.n.launcher);
    root.append(this.frame);
  }

  /** @param {State} state @param {number} now */
  render(state, now) {
    const near = this.#near();
    const busy = answering(state, now);
    /** @type {Record<string, string>} */
    const errors = this.words.errors;
    this.#max = state.maxChars;
    this.#frame(state);
    this.#log(state);
    this.#live(state, busy, now);
    this.#choices(state, busy);
    this.#show(this.n.wait, state.phase === "waiting");
    this.#show(this.n.person, state.phase === "bot");
    write(this.n.notice, state.notice ? errors[state.notice.code] ?? errors.internal : "");
    const last = state.outbox.at(-1)?.id ?? "";
    if (near || (last && last !== this.#last)) this.toEnd();
    this.#last = last;
    this.scrolled();
    this.#switch(state.open);
  }

  /** @param {string} text */
  type(text) {
    this.n.input.value = text;
    this.typing();
  }

  /** @param {State} state */
  #frame(state) {
    const { words } = this;
    const waiting = unread(state);
    const dead = state.link === "lost" || state.link === "outdated";
    const line = state.ready && !dead ? (state.degraded ? "degraded" : state.phase) : state.link === "open" ? "bot" : state.link;
    write(this.n.name, state.shop || words.title);
    write(this.n.state, words.line[line]);
    this.n.state.dataset.is = line;
    write(this.n.badge, waiting ? (waiting > 9 ? "9+" : String(waiting)) : "");
    const label = state.open ? words.close : words.open;
    this.n.launcher.ariaLabel = waiting ? `${label}, ${words.unread(waiting)}` : label;
    this.n.panel.ariaLabel = state.shop ? words.chat(state.shop) : words.title;
    write(this.n.greeting, state.greeting);
    this.n.greeting.hidden = !state.greeting;
  }

  /** @param {State} state */
  #log(state) {
    const linked = state.link === "open";
    const live = state.ready ? "polite" : "off";
    if (this.n.log.ariaLive !== live) this.n.log.ariaLive = live;
    const items = [...state.messages, ...state.outbox];
    const keys = new Set(items.map(key));
    for (const [name, { node }] of this.#shown) {
      if (!keys.has(name)) (node.remove(), this.#shown.delete(name));
    }
    let at = this.n.log.firstElementChild;
    for (const item of items) {
      const node = this.#place(item, linked);
      if (node === at) at = at.nextElementSibling;
      else this.n.log.insertBefore(node, at);
    }
  }

  /** @param {Message | Pending} item @param {boolean} linked */
  #place(item, linked) {
    const name = key(item);
    const old = this.#shown.get(name);
    const pending = !("seq" in item);
    if (old && old.item === item && (!pending || old.linked === linked)) return old.node;
    const made = pending ? unsent(item, linked, this.setting) : bubble(item, this.setting);
    const node = old ? renew(old.node, made, old.item, item) : made;
    this.#shown.set(name, { node, item, linked });
    return node;
  }

  /** @param {State} state @param {boolean} busy @param {number} now */
  #live(state, busy, now) {
    const text = state.draft?.text ?? "";
    const staff = (state.typing.staff ?? 0) > now;
    if (this.n.draft.dataset.text !== text) spell(this.n.draft, text, []);
    this.n.draft.dataset.text = text;
    this.n.live.classList.toggle("going", busy);
    this.n.draft.hidden = !text;
    this.n.dots.hidden = !(staff || (busy && !text));
    this.n.dots.ariaLabel = this.words.writing[staff ? "staff" : "bot"];
    this.#show(this.n.stop, busy);
    this.n.live.hidden = !(text || busy || staff);
  }

  /** @param {State} state @param {boolean} busy */
  #choices(state, busy) {
    const last = state.messages.at(-1);
    const idle = !busy && !state.outbox.length;
    const choices = !idle ? [] : last ? (last.author === "bot" ? last.choices : []) : state.choices;
    if (this.n.choices.dataset.of !== choices.join("\n")) {
      this.n.choices.replaceChildren(...choices.map((text) => button("pill", { onclick: () => this.#choose(text) }, text)));
    }
    this.n.choices.dataset.of = choices.join("\n");
    this.n.choices.hidden = !choices.length;
  }

  /** @param {string} text */
  #choose(text) {
    this.n.input.focus({ preventScroll: true });
    this.line.say(text);
  }

  /** Focus that would be lost goes to the input. @param {HTMLElement} node @param {boolean} on */
  #show(node, on) {
    const had = !on && node.contains(this.root.activeElement);
    node.hidden = !on;
    if (had) this.n.input.focus();
  }

  /** Takes the focus along unless the page was loaded like this. @param {boolean} open */
  #switch(open) {
    const first = !this.#drawn;
    this.#drawn = true;
    if (open === this.#open) return;
    this.#open = open;
    // modal where it hides the page
    if (!open) this.n.panel.close();
    else if (matchMedia("(max-width: 480px)").matches) this.n.panel.showModal();
    else this.n.panel.open = true;
    this.n.launcher.ariaExpanded = String(open);
    this.frame.classList.toggle("open", open);
    if (!open) {
      this.#uncite();
      return this.n.launcher.focus();
    }
    this.typing();
    this.toEnd();
    if (!first) this.n.input.focus();
  }

  typing() {
    const { words } = this;
    const { input } = this.n;
    const left = this.#max - Array.from(input.value).length;
    write(this.n.count, left < 0 ? words.over(-left) : left <= this.#max / 10 ? words.left(left) : "");
    this.n.count.classList.toggle("bad", left < 0);
    this.n.send.disabled = left < 0 || !input.value.trim();
    input.ariaInvalid = String(left < 0);
    input.rows = 1;
    while (input.rows < 6 && input.scrollHeight > input.clientHeight) input.rows++;
    this.typed(input.value);
  }

  submit() {
    if (this.n.send.disabled) return;
    const text = this.n.input.value;
    this.type("");
    this.line.say(text);
    this.n.input.focus();
  }

  /** @param {KeyboardEvent} e */
  key(e) {
    if (e.key !== "Escape" || e.isComposing) return;
    e.preventDefault();
    if (this.n.sheet.hidden) this.host.close();
    else this.#uncite();
  }

  /** @param {import("./types").Citation} c */
  #cite(c) {
    const { words } = this;
    const { sheet } = this.n;
    this.#cited = /** @type {HTMLElement} */ (this.root.activeElement);
    const close = button("plain", { "aria-label": words.dismiss, onclick: () => this.#uncite() }, icon("close"));
    const title = el("h3", "", { id: "source" }, el("span", "cite", {}, String(c.n)), c.title);
    const href = safe(c.url);
    const more = href ? [el("a", "more", toward(href), words.read, icon("out"))] : [];
    sheet.replaceChildren(el("div", "top", {}, title, close), el("blockquote", "", { tabIndex: 0 }, c.excerpt), ...more);
    sheet.hidden = false;
    this.n.main.inert = true;
    close.focus();
  }

  #uncite() {
    if (this.n.sheet.hidden) return;
    this.n.main.inert = false;
    this.n.sheet.hidden = true;
    (this.#cited?.isConnected ? this.#cited : this.n.input).focus();
  }

  #near() {
    const { scrollTop, scrollHeight, clientHeight } = this.n.scroll;
    return scrollHeight - scrollTop - clientHeight < NEAR_PX;
  }

  toEnd() {
    this.n.scroll.scrollTop = this.n.scroll.scrollHeight;
  }

  scrolled() {
    this.#show(this.n.jump, !this.#near());
  }
}

/** @param {Message | Pending} item */
const key = (item) => item.id ?? `#${"seq" in item && item.seq}`;

/**
 * Leaves text alone if it can: what is touched is read out again.
 *
 * @param {HTMLElement} old @param {HTMLElement} made @param {Message | Pending} before @param {Message | Pending} after
 */
function renew(old, made, before, after) {
  if ("seq" in before && "seq" in after && JSON.stringify({ ...before, rating: after.rating }) === JSON.stringify(after)) {
    rate(old, after.rating);
    return old;
  }
  if (before.text !== after.text || "seq" in before) {
    old.replaceWith(made);
    return made;
  }
  old.className = made.className;
  if (old.lastChild && made.lastChild) old.lastChild.replaceWith(made.lastChild);
  return old;
}

/** @param {View} view */
function shell(view) {
  const { words, line, host } = view;
  const close = () => host.close();
  const badge = el("span", "badge", { "aria-hidden": "true" });
  const launcher = button("launcher", { "aria-controls": "panel", "aria-expanded": "false", onclick: () => host.toggle() },
    icon("chat"), icon("down"), badge);
  const name = el("h2", "", {}, words.title);
  const state = el("p", "line", { role: "status" });
  const down = button("plain", { "aria-label": words.close, onclick: close }, icon("down"));
  const head = el("div", "head", {}, el("span", "face", {}, icon("chat")), el("div", "who", {}, name, state), down);
  const talk = conversation(view);
  const notice = el("p", "notice", { role: "status" });
  const wait = el("div", "wait", {}, el("p", "", {}, words.waiting), button("pill", { onclick: () => line.withdraw() }, words.back));
  const write = composer(view);
  const main = el("div", "main", {}, head, talk.middle, notice, wait, write.box);
  const sheet = el("section", "sheet", { role: "dialog", "aria-labelledby": "source", hidden: true });
  const panel = el("dialog", "panel", { id: "panel", onkeydown: (/** @type {KeyboardEvent} */ e) => view.key(e), oncancel: close }, main, sheet);
  return { badge, launcher, name, state, notice, wait, main, sheet, panel, ...talk, ...write };
}

/** @param {View} view */
function conversation(view) {
  const { words, line } = view;
  const greeting = el("p", "msg bot greeting");
  // off: what is replayed is not read out
  const log = el("div", "log", { role: "log", "aria-live": "off", "aria-label": words.conversation });
  // outside the log: its pieces are not read out
  const draft = el("div", "text");
  const dots = el("div", "dots", { role: "img" }, el("i"), el("i"), el("i"));
  const stop = button("pill stop", { onclick: () => line.now({ type: "stop" }) }, icon("stop"), words.stop);
  const live = el("div", "msg bot live", {}, draft, dots, stop);
  const choices = el("div", "choices", { role: "group", "aria-label": words.suggestions });
  const scroll = el("div", "scroll", { tabIndex: 0, role: "region", "aria-label": words.conversation, onscroll: () => view.scrolled() },
    greeting, log, live, choices);
  const jump = button("pill jump", { onclick: () => view.toEnd() }, icon("down"), words.jump);
  return { greeting, log, draft, dots, stop, live, choices, scroll, jump, middle: el("div", "middle", {}, scroll, jump) };
}

/** @param {View} view */
function composer(view) {
  const { words, line } = view;
  const input = el("textarea", "", { id: "input", rows: 1, placeholder: words.placeholder, oninput: () => view.typing(), "aria-describedby": "count" });
  const count = el("span", "count", { id: "count" });
  const send = button("send", { type: "submit", "aria-label": words.send }, icon("send"));
  const person = button("link", { onclick: () => line.ask() }, words.person);
  input.onkeydown = (e) => {
    // 229: Safari's Enter after a composition
    if (e.key !== "Enter" || e.shiftKey || e.isComposing || e.keyCode === 229) return;
    e.preventDefault();
    view.submit();
  };
  const form = el("form", "", {}, el("label", "sr", { for: "input" }, words.message), input, send);
  form.onsubmit = (e) => (e.preventDefault(), view.submit());
  return { input, count, send, person, box: el("div", "composer", {}, form, el("div", "under", {}, person, count)) };
}
