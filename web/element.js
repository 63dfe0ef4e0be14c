/** Only an element: joins socket, state and view. @typedef {import("./types").State} State */
import { el } from "./parts.js";
import { Keep, Socket } from "./socket.js";
import { due, fresh, reduce, unread } from "./thread.js";
import { View } from "./view.js";

const TYPING_MS = 3_000;

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
  #keep = new Keep(() => localStorage);
  #visit = new Keep(() => sessionStorage);
  #key = "";
  #identity = "";
  #status = "";
  #typedAt = 0;
  #timer = 0;

  connectedCallback() {
    if (this.#life) return;
    this.#life = new AbortController();
    void this.#begin(this.#life.signal);
  }

  disconnectedCallback() {
    this.#life?.abort();
    this.#life = null;
    this.#socket?.end();
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

  /** @param {string} jwt "" for nobody */
  identify(jwt) {
    this.#identity = jwt;
    this.#socket?.identify(jwt);
  }

  /** @param {AbortSignal} signal */
  async #begin(signal) {
    const lang = (this.getAttribute("lang") || document.documentElement.lang).startsWith("zh") ? "zh" : "en";
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const styled = new Promise((done) => {
      const href = new URL("chat.css", import.meta.url).href;
      root.append(el("link", "", { rel: "stylesheet", href, onload: done, onerror: done }));
    });
    const [words] = await Promise.all([import(`./words/${lang}.js`), styled]);
    if (signal.aborted) return;
    const base = new URL(this.getAttribute("server") || "../", import.meta.url);
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    this.#key = `aisle:${base.href}`;
    this.#state = { ...this.#state, seen: Number(this.#keep.get(`${this.#key}:seen`)) || 0 };
    const socket = (this.#socket = this.#line(new URL("ws", base), lang));
    this.#view = new View(root, words.default, lang, socket, (text) => this.#typed(socket, text));
    this.#view.type(this.#keep.get(`${this.#key}:typed`));
    socket.identify(this.#identity);
    for (const name of ["online", "offline"]) addEventListener(name, () => socket.wake(true), { signal });
    document.addEventListener("visibilitychange", () => document.hidden || (socket.wake(), this.#look()), { signal });
    if (this.#visit.get(`${this.#key}:open`) && !matchMedia("(max-width: 480px)").matches) this.open();
    this.#dispatch({ type: "open", open: this.hasAttribute("open") });
    // who never chatted costs nothing
    if (socket.known || this.#state.open) socket.start();
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
        now: Date.now,
        random: Math.random,
        id: () => crypto.getRandomValues(new Uint32Array(4)).join("-"),
        setTimeout: setTimeout.bind(window),
        clearTimeout: clearTimeout.bind(window),
      },
      state: () => this.#state,
      dispatch: (action) => this.#dispatch(action),
      about: () => {
        const [[product = ""], viewed, cart, bought] = ["product", "viewed", "cart", "bought"].map(
          (name) => this.getAttribute(name)?.match(/\S{1,200}/g)?.slice(0, 50) ?? [],
        );
        return { lang, page: { url: location.href.slice(0, 2000), product, viewed, cart, bought } };
      },
    });
  }

  /** @param {Socket} socket @param {string} text */
  #typed(socket, text) {
    this.#keep.set(`${this.#key}:typed`, text);
    const now = Date.now();
    const news = text ? now - this.#typedAt > TYPING_MS : this.#typedAt;
    if (!news || !/waiting|staff/.test(this.#state.phase)) return;
    this.#typedAt = text ? now : 0;
    socket.now({ type: "typing", on: !!text });
  }

  /** @param {import("./types").Action} action */
  #dispatch(action) {
    const before = this.#state;
    const after = (this.#state = reduce(before, action));
    if (after === before || !this.#view) return;
    if (after.open !== before.open) this.#visit.set(`${this.#key}:open`, after.open ? "1" : "");
    if (after.seen !== before.seen) this.#keep.set(`${this.#key}:seen`, String(after.seen || ""));
    this.#draw();
    this.#tell(before, after);
    this.#look();
    if (after.open && !before.open) this.#socket?.start();
  }

  #draw() {
    const now = Date.now();
    this.#view?.render(this.#state, now);
    clearTimeout(this.#timer);
    const next = due(this.#state, now);
    if (next < Infinity) this.#timer = setTimeout(() => this.#dispatch({ type: "tick", now: Date.now() }), next - now + 1);
  }

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
