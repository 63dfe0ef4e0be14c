/**
 * Draws the state into a shadow root, by small changes: an element that is there stays, so that focus, scrolling and
 * screen readers are left in peace. Knows no socket and no storage; what the shopper does goes out through `acts`.
 *
 * @typedef {import("./types").State} State
 * @typedef {import("./types").Message} Message
 * @typedef {import("./types").Pending} Pending
 */
import { bubble, rate, spell, unsent } from "./bubble.js";
import { shell } from "./shell.js";
import { button, el, icon, safe, toward, write } from "./dom.js";
import { answering, unread } from "./thread.js";

const NEAR_PX = 80; // this close to the end counts as "at the end"

export class View {
  /** What stands in the log, by client id or seq. @type {Map<string, { node: HTMLElement, item: Message | Pending, linked: boolean }>} */
  #shown = new Map();
  /** @type {HTMLElement | null} */
  #cited = null;
  #open = false;
  #drawn = false;
  #max = 2000;
  #last = "";

  /** @param {ShadowRoot} root @param {import("./types").Words} words @param {string} lang @param {import("./types").Acts} acts */
  constructor(root, words, lang, acts) {
    this.root = root;
    this.words = words;
    this.acts = acts;
    /** @type {import("./types").Setting} */
    this.setting = {
      words,
      acts,
      images: root.host.hasAttribute("images"),
      cite: (citation) => this.#cite(citation),
      edit: (item) => (acts.discard(item.id), this.type(item.text), this.n.input.focus()),
    };
    this.n = shell(words, acts, {
      submit: () => this.#submit(),
      typed: () => this.#typed(),
      key: (e) => this.#key(e),
      scrolled: () => this.#scrolled(),
      toEnd: () => this.#toEnd(),
    });
    this.frame = el("div", "frame", { lang }, this.n.panel, this.n.launcher);
    root.append(this.frame);
  }

  /** @param {State} state @param {number} now */
  render(state, now) {
    const near = this.#near();
    const busy = answering(state, now);
    this.#max = state.maxChars;
    this.#frame(state);
    this.#log(state);
    this.#live(state, busy, now);
    this.#choices(state, busy);
    this.#show(this.n.wait, state.phase === "waiting");
    this.#show(this.n.person, state.phase === "bot");
    write(this.n.notice, state.notice ? this.#error(state.notice.code) : "");
    const last = state.outbox.at(-1)?.id ?? "";
    if (near || (last && last !== this.#last)) this.#toEnd();
    this.#last = last;
    this.#scrolled();
    this.#switch(state.open);
  }

  /** Puts text into the input. @param {string} text */
  type(text) {
    this.n.input.value = text;
    this.#typed();
  }

  /** The header, the launcher and their words. @param {State} state */
  #frame(state) {
    const { words } = this;
    const waiting = unread(state);
    const dead = state.link === "lost" || state.link === "outdated";
    const line = state.ready && !dead ? (state.degraded ? "degraded" : state.phase) : state.link === "open" ? "bot" : state.link;
    write(this.n.name, state.shop || words.title);
    write(this.n.line, words.line[line]);
    this.n.line.dataset.is = line;
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

  /** The element of a message, made or brought up to date. @param {Message | Pending} item @param {boolean} linked */
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

  /** What is being written now. It stands outside the log: a screen reader hears the finished message only.
   * @param {State} state @param {boolean} busy @param {number} now */
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

  /** Quick replies belong to the last word of the bot, and go when there is a newer one. @param {State} state @param {boolean} busy */
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
    this.acts.say(text);
  }

  /** @param {string} code */
  #error(code) {
    const { errors } = this.words;
    return code in errors ? errors[/** @type {keyof typeof errors} */ (code)] : errors.internal;
  }

  /** Hides what has no use now; focus that would be lost goes to the input. @param {HTMLElement} node @param {boolean} on */
  #show(node, on) {
    const had = !on && node.contains(this.root.activeElement);
    node.hidden = !on;
    if (had) this.n.input.focus();
  }

  /** Opens or closes; takes the focus along unless the page was loaded like this. @param {boolean} open */
  #switch(open) {
    const first = !this.#drawn;
    this.#drawn = true;
    if (open === this.#open) return;
    this.#open = open;
    this.n.panel.hidden = !open;
    this.n.launcher.ariaExpanded = String(open);
    this.frame.classList.toggle("open", open);
    if (!open) {
      this.#uncite();
      return this.n.launcher.focus();
    }
    this.#typed();
    this.#toEnd();
    if (!first) this.n.input.focus();
  }

  #typed() {
    const { words } = this;
    const { input } = this.n;
    const left = this.#max - Array.from(input.value).length;
    write(this.n.count, left < 0 ? words.over(-left) : left <= this.#max / 10 ? words.left(left) : "");
    this.n.count.classList.toggle("bad", left < 0);
    this.n.send.disabled = left < 0 || !input.value.trim();
    input.ariaInvalid = String(left < 0);
    input.rows = 1;
    // grows with its text up to six lines, without a style of its own
    while (input.rows < 6 && input.scrollHeight > input.clientHeight) input.rows++;
    this.acts.typed(input.value);
  }

  #submit() {
    if (this.n.send.disabled) return;
    const text = this.n.input.value;
    this.type("");
    this.acts.say(text);
    this.n.input.focus();
  }

  /** @param {KeyboardEvent} e */
  #key(e) {
    if (e.key === "Escape" && !e.isComposing) {
      e.stopPropagation();
      return this.n.sheet.hidden ? this.acts.close() : this.#uncite();
    }
    // full screen on a phone, the page behind cannot be seen: Tab goes round inside
    if (e.key !== "Tab" || !matchMedia("(max-width: 480px)").matches) return;
    const stops = [...this.n.panel.querySelectorAll(":is(button, a, textarea, [tabindex]):not(:disabled)")].filter(
      (node) => node.checkVisibility() && !node.closest("[inert]"),
    );
    const from = e.shiftKey ? stops[0] : stops.at(-1);
    if (this.root.activeElement !== from) return;
    e.preventDefault();
    /** @type {HTMLElement} */ (e.shiftKey ? stops.at(-1) : stops[0]).focus();
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

  #toEnd() {
    this.n.scroll.scrollTop = this.n.scroll.scrollHeight;
  }

  #scrolled() {
    this.#show(this.n.jump, !this.#near());
  }
}

/** @param {Message | Pending} item */
const key = (item) => item.id ?? `#${/** @type {Message} */ (item).seq}`;

/**
 * The old element with what changed in it: a rating, or that a message was sent. The text of a message that stays
 * the same is not touched, or a screen reader would read it twice.
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
