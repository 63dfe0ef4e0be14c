/**
 * The sign-in page: name and password, then on to the page that sent here (`?next=/staff`), or to the role's own.
 * Language: `?lang`, else the one chosen last, else the browser's.
 *
 * @typedef {import("./session.js").Who} Who
 */
import { Problem, signIn, signOut, whoami } from "./session.js";
import en from "./words/signin.en.js";
import zh from "./words/signin.zh.js";

const asked = new URLSearchParams(location.search);
const lang = chosen();
const words = lang === "zh" ? zh : en;

const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (at(id));

function chosen() {
  const wanted = asked.get("lang") ?? kept() ?? navigator.languages.find((l) => /^(en|zh)\b/.test(l)) ?? "en";
  const found = wanted.startsWith("zh") ? "zh" : "en";
  if (asked.has("lang")) keep(found);
  return found;
}

/** Storage may be switched off; the page works without. */
function kept() {
  try {
    return localStorage.getItem("aisle-lang");
  } catch {
    return null;
  }
}

/** @param {string} value */
function keep(value) {
  try {
    localStorage.setItem("aisle-lang", value);
  } catch {
    // it is asked for again next time
  }
}

/** Where to go on: a path of this server only, so that no link can lead a signed-in person elsewhere. @param {Who} who */
function onward(who) {
  const own = who.role === "admin" ? "/admin" : "/staff";
  try {
    const next = new URL(asked.get("next") ?? own, location.origin);
    return next.origin === location.origin && next.pathname !== "/signin" ? next.pathname + next.search + next.hash : own;
  } catch {
    return own;
  }
}

function translate() {
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  document.title = words.page;
  for (const node of document.querySelectorAll("[data-word]")) {
    node.textContent = /** @type {any} */ (words)[node.getAttribute("data-word") ?? ""];
  }
  for (const link of document.querySelectorAll("[data-lang]")) {
    const to = new URLSearchParams(asked);
    to.set("lang", link.getAttribute("data-lang") ?? "en");
    link.setAttribute("href", `?${to}`);
    link.setAttribute("aria-current", String(link.getAttribute("data-lang") === lang));
  }
}

/** @param {unknown} error */
function told(error) {
  if (!(error instanceof Problem)) return words.problems.other;
  const say = /** @type {any} */ (words.problems)[error.code] ?? words.problems.other;
  return typeof say === "function" ? say(Math.max(1, Math.ceil(error.retryAfterS / 60))) : say;
}

/** @param {string} text */
function complain(text) {
  at("problem").textContent = text;
  for (const id of ["name", "password"]) field(id).setAttribute("aria-invalid", String(Boolean(text)));
}

/** @param {boolean} on */
function reveal(on) {
  field("password").type = on ? "text" : "password";
  at("show").setAttribute("aria-pressed", String(on));
  at("show").textContent = on ? words.hide : words.show;
}

/** @param {string} [notice] */
function showForm(notice = "") {
  at("inside").hidden = true;
  at("form").hidden = false;
  complain("");
  field("password").value = "";
  if (notice) {
    at("problem").textContent = notice;
    at("problem").classList.replace("bad", "good");
  }
  field("name").focus();
}

/** @param {Who} who */
function showInside(who) {
  at("form").hidden = true;
  at("inside").hidden = false;
  at("hello").textContent = words.hello(who.name ?? "");
  at("hint").textContent = who.role === "staff" && onward(who).startsWith("/admin") ? words.admins : "";
  at("admin").hidden = who.role !== "admin";
  at("hello").focus();
}

/** @param {SubmitEvent} event */
async function enter(event) {
  event.preventDefault();
  const [name, password] = [field("name").value.trim(), field("password").value];
  at("problem").classList.replace("good", "bad");
  complain("");
  if (!name || !password) {
    complain(words.problems.empty);
    field(name ? "password" : "name").focus();
    return;
  }
  busy(true);
  try {
    const who = await signIn(name, password);
    reveal(false);
    location.replace(onward(who));
  } catch (error) {
    busy(false);
    complain(told(error));
    field("password").select();
  }
}

/** @param {boolean} on */
function busy(on) {
  /** @type {HTMLButtonElement} */ (at("enter")).disabled = on;
  at("enter").textContent = on ? words.entering : words.enter;
}

async function leave() {
  try {
    await signOut();
    showForm(words.left);
  } catch (error) {
    at("trouble").textContent = told(error);
  }
}

async function begin() {
  translate();
  at("form").addEventListener("submit", enter);
  at("show").addEventListener("click", () => reveal(at("show").getAttribute("aria-pressed") !== "true"));
  at("leave").addEventListener("click", leave);
  try {
    const who = await whoami();
    if (who.name) showInside(who);
    else showForm();
  } catch (error) {
    showForm();
    complain(told(error));
  }
}

// Back from the page after, the browser may show this one as it was, with somebody signed in by now.
addEventListener("pageshow", (event) => event.persisted && location.reload());
void begin();
