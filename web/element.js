/**
 * `<aisle-chat>`: only an element. It reads attributes, joins socket, state and view, and tells the page what happens.
 *
 * Attributes: `server` (default: where this script comes from), `lang` (`en`, `zh`; default: the page's), `theme`
 * (`light`, `dark`; default: the system's), `open`, `product` (handle of the
 * product that the page shows), `images` (product pictures may come from other origins).
 * Events, all with `detail`: `aisle-open`, `aisle-close`, `aisle-message` (a message that is new to this page),
 * `aisle-status` (phase, link, degraded, unread).
 *
 * @typedef {import("./types").State} State
 */
import { Keep } from "./keep.js";
import { Socket } from "./socket.js";
import { due, fresh, reduce, unread } from "./thread.js";
import { View } from "./view.js";

const TYPING_MS = 3_000; // "is typing" is told at most that often

export class AisleChat extends HTMLElement {
  static observedAttributes = ["open"];

  /** @type {State} */
  #state = fresh();
  /** @type {Socket | null} */
  #socket = null;
  /** @type {View | null} */
  #view = null;
  /** @type {AbortController | null} */
  #life = null;
  #keep = new Keep(null);
  #visit = new Keep(null);
  #key = "";
  #identity = "";
  #status = "";
  #typedAt = 0;
  /** @type {any} */
  #timer = 0;

  connectedCallback() {
    if (this.#life) return;
    this.#life = new AbortController();
    void this.#begin(this.#life.signal);
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#life = null;
    this.#socket?.stop();
    this.#socket = this.#view = null;
    this.shadowRoot?.replaceChildren();
    clearTimeout(this.#timer);
    this.#state = fresh();
  }

  attributeChangedCallback() {
    this.#dispatch({ type: "open", open: this.hasAttribute("open") });
  }

  open() {
    this.toggleAttribute("open", true);
  }

  close() {
    this.toggleAttribute("open", false);
  }

  toggle() {
    this.toggleAttribute("open");
  }

  /** Says who the shopper is. @param {string} jwt  signed by the shop with the secret it shares with Aisle; "" for nobody */
  identify(jwt) {
    this.#identity = jwt;
    this.#socket?.identify(jwt);
  }

  /** @param {AbortSignal} signal */
  async #begin(signal) {
    const lang = (this.getAttribute("lang") || document.documentElement.lang).startsWith("zh") ? "zh" : "en";
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const [words] = await Promise.all([import(`./words/${lang}.js`), styled(root)]);
    if (signal.aborted) return;
    const base = new URL(this.getAttribute("server") || "../", import.meta.url);
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    this.#key = `aisle:${base.href}`;
    this.#keep = new Keep(storage("localStorage"));
    this.#visit = new Keep(storage("sessionStorage"));
    this.#state = { ...this.#state, seen: Number(this.#keep.get(`${this.#key}:seen`)) || 0 };
    this.#socket = this.#line(new URL("ws", base), lang);
    this.#view = new View(root, words.default, lang === "zh" ? "zh-Hans" : lang, this.#acts(this.#socket));
    this.#view.type(this.#keep.get(`${this.#key}:typed`));
    if (this.#identity) this.#socket.identify(this.#identity);
    this.#listen(signal, this.#socket);
    // an open chat stays open from page to page; on a phone it would hide the page that was asked for
    if (this.#visit.get(`${this.#key}:open`) && !matchMedia("(max-width: 480px)").matches) this.open();
    this.#dispatch({ type: "open", open: this.hasAttribute("open") });
    // a shopper who never chatted costs the server nothing until the chat is opened
    if (this.#socket.known || this.#state.open) this.#socket.start();
  }

  /** @param {URL} url @param {string} lang */
  #line(url, lang) {
    url.protocol = url.protocol.replace("http", "ws");
    return new Socket({
      url: url.href,
      key: this.#key,
      keep: this.#keep,
      env: {
        WebSocket,
        now: () => Date.now(),
        random: Math.random,
        id: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""),
        setTimeout: (f, ms) => setTimeout(f, ms),
        clearTimeout: (timer) => clearTimeout(timer),
      },
      state: () => this.#state,
      dispatch: (action) => this.#dispatch(action),
      about: () => ({
        lang,
        page: { url: location.href.slice(0, 2000), product: (this.getAttribute("product") ?? "").slice(0, 200) },
      }),
    });
  }

  /** @param {Socket} socket @returns {import("./types").Acts} */
  #acts(socket) {
    return {
      say: (text) => socket.say(text),
      retry: (id) => socket.retry(id),
      discard: (id) => socket.discard(id),
      rate: (seq, value) => socket.rate(seq, value),
      ask: () => socket.askStaff(),
      withdraw: () => socket.withdraw(),
      stop: () => socket.now({ type: "stop" }),
      typed: (text) => this.#typed(socket, text),
      toggle: () => this.toggle(),
      close: () => this.close(),
    };
  }

  /** @param {AbortSignal} signal @param {Socket} socket */
  #listen(signal, socket) {
    const on = { signal };
    addEventListener("online", () => socket.wake(true), on);
    addEventListener("offline", () => socket.wake(true), on);
    addEventListener("pageshow", (e) => e.persisted && socket.wake(true), on);
    document.addEventListener("visibilitychange", () => !document.hidden && (socket.wake(), this.#look()), on);
  }

  /** Keeps what stands in the input, and tells staff that the shopper is typing. @param {Socket} socket @param {string} text */
  #typed(socket, text) {
    this.#keep.set(`${this.#key}:typed`, text);
    const now = Date.now();
    const due = now - this.#typedAt > TYPING_MS;
    if (this.#state.phase === "bot" || this.#state.phase === "closed" || (text ? !due : !this.#typedAt)) return;
    this.#typedAt = text ? now : 0;
    socket.now({ type: "typing", on: !!text });
  }

  /** @param {import("./types").Action} action */
  #dispatch(action) {
    const before = this.#state;
    const after = (this.#state = reduce(before, action));
    if (after === before || !this.#view) return;
    if (after.open && !before.open) this.#socket?.start();
    if (after.open !== before.open) this.#visit.set(`${this.#key}:open`, after.open ? "1" : "");
    if (after.seen !== before.seen) this.#keep.set(`${this.#key}:seen`, String(after.seen || ""));
    this.#draw();
    this.#tell(before, after);
    this.#look();
  }

  #draw() {
    const now = Date.now();
    this.#view?.render(this.#state, now);
    clearTimeout(this.#timer);
    const next = due(this.#state, now);
    if (next < Infinity) this.#timer = setTimeout(() => this.#dispatch({ type: "tick", now: Date.now() }), next - now + 1);
  }

  /** What is open before the shopper's eyes is read. */
  #look() {
    const last = this.#state.messages.at(-1)?.seq ?? 0;
    if (this.#state.open && !document.hidden && last > this.#state.seen) this.#dispatch({ type: "seen", seq: last });
  }

  /** @param {State} before @param {State} after */
  #tell(before, after) {
    if (after.open !== before.open) this.#fire(after.open ? "open" : "close", null);
    const had = new Set(before.messages.map((m) => m.seq));
    if (before.ready) for (const m of after.messages) if (!had.has(m.seq)) this.#fire("message", m);
    const { phase, link, degraded } = after;
    const status = { phase, link, degraded, unread: unread(after) };
    const text = JSON.stringify(status);
    if (text !== this.#status) this.#fire("status", status);
    this.#status = text;
  }

  /** @param {string} name @param {unknown} detail */
  #fire(name, detail) {
    this.dispatchEvent(new CustomEvent(`aisle-${name}`, { bubbles: true, composed: true, detail }));
  }
}

/** Resolves when the style sheet is there, or will not come. @param {ShadowRoot} root @returns {Promise<unknown>} */
function styled(root) {
  const link = document.createElement("link");
  link.rel = "stylesheet";
  link.href = new URL("chat.css", import.meta.url).href;
  return new Promise((done) => {
    link.onload = link.onerror = done;
    root.prepend(link);
  });
}

/** The page's storage; reading the property alone throws where cookies are blocked.
 * @param {"localStorage" | "sessionStorage"} name */
function storage(name) {
  try {
    return window[name];
  } catch {
    return null;
  }
}
