/**
 * The desk's page: joins state, line and view. Language: `?lang`, else the one chosen last, else the browser's.
 * `?open=…` is the conversation that is shown, so that reloading and going back work.
 */
import { Problem, call, door, signOut, whoami } from "./session.js";
import { Keep } from "./socket.js";
import { Bell } from "./staff/bell.js";
import { DeskSocket } from "./staff/socket.js";
import { fresh, reduce } from "./staff/state.js";
import { View } from "./staff/view.js";
import en from "./words/staff.en.js";
import zh from "./words/staff.zh.js";

const TICK_MS = 1000;
const asked = new URLSearchParams(location.search);
const local = new Keep(() => localStorage);

/** @param {Keep} keep @param {string} prefix @returns {Keep} */
function under(keep, prefix) {
  const get = (/** @type {string} */ key) => keep.get(prefix + key);
  const set = (/** @type {string} */ key, /** @type {string} */ value) => keep.set(prefix + key, value);
  return /** @type {Keep} */ ({ get, set });
}

/** @returns {"en" | "zh"} */
function chosen() {
  const wanted = asked.get("lang") || local.get("aisle-lang") || navigator.languages.find((l) => /^(en|zh)\b/.test(l)) || "en";
  const found = wanted.startsWith("zh") ? "zh" : "en";
  if (asked.has("lang")) local.set("aisle-lang", found);
  return found;
}

const lang = chosen();
const words = lang === "zh" ? zh : en;
let state = fresh();
let drawing = false;

/** @param {import("./staff/types").Action} action */
function dispatch(action) {
  state = reduce(state, action);
  if (drawing) return;
  drawing = true;
  queueMicrotask(() => {
    drawing = false;
    view.render(state, Date.now());
  });
}

const out = () => location.replace(door());

/** After a refused connection: is anybody signed in still? A server that does not answer says nothing about that. */
async function check() {
  try {
    if (!(await whoami()).name) out();
  } catch {
    // it is tried again with the connection
  }
}

/** A call whose failure is told, once more with a new CSRF token when somebody has signed in anew in another tab.
 * @param {string} about @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function ask(about, method, path, body) {
  try {
    return (await call(method, path, body).catch(again)) ?? {};
  } catch (error) {
    const code = error instanceof Problem ? error.code : "internal";
    if (code === "not_signed_in") out();
    else dispatch({ type: "notice", code, about, conversation: "", now: Date.now() });
    return null;
  }

  /** @param {unknown} error */
  async function again(error) {
    if (!(error instanceof Problem) || error.code !== "forbidden" || method === "GET") throw error;
    await whoami();
    return call(method, path, body);
  }
}

/** @param {string} conversation "" for the list */
function show(conversation) {
  const to = new URL(location.href);
  to.searchParams.delete("lang");
  if (conversation) to.searchParams.set("open", conversation);
  else to.searchParams.delete("open");
  if (to.href !== location.href) history.pushState(null, "", to);
  line.watch(conversation);
}

async function leave() {
  try {
    await signOut();
    out();
  } catch {
    dispatch({ type: "notice", code: "offline", about: "", conversation: "", now: Date.now() });
  }
}

const line = new DeskSocket({
  url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/staff`,
  key: "aisle-desk",
  keep: local,
  env: {
    WebSocket,
    now: () => Date.now(),
    random: () => Math.random(),
    id: () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""),
    setTimeout: (f, ms) => setTimeout(f, ms),
    clearTimeout: (timer) => clearTimeout(timer),
  },
  state: () => state,
  dispatch,
  out,
  check,
});

/** @type {import("./staff/types").Room} */
const room = {
  words,
  lang,
  line,
  keep: under(local, "aisle-desk:"),
  tab: under(new Keep(() => sessionStorage), "aisle-desk:"),
  state: () => state,
  dispatch,
  ask,
  announce: (text) => (view.spoken.textContent = text),
  open: show,
};

document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
const view = new View(/** @type {HTMLElement} */ (document.getElementById("desk")), room, new Bell(room.keep), leave);
view.render(state, Date.now());

addEventListener("online", () => line.wake());
addEventListener("visibilitychange", () => document.visibilityState === "visible" && line.wake());
addEventListener("popstate", () => line.watch(new URLSearchParams(location.search).get("open") ?? ""));
addEventListener("pageshow", (event) => event.persisted && location.reload());
setInterval(() => dispatch({ type: "tick", now: Date.now() }), TICK_MS);

await check();
line.watch(asked.get("open") ?? "");
line.start();
