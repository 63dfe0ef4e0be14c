/**
 * The admin's page: who is signed in, the way between sections by the address's hash, and nothing of what they show.
 *
 * @typedef {import("./admin/types").Page} Page
 */
import { build } from "./admin/build.js";
import { entries } from "./admin/entries.js";
import { files } from "./admin/files.js";
import { glyph } from "./admin/glyphs.js";
import { insights } from "./admin/insights.js";
import { chosen } from "./admin/lang.js";
import { log } from "./admin/log.js";
import { people } from "./admin/people.js";
import { playground } from "./admin/playground.js";
import { prices } from "./admin/prices.js";
import { privacy } from "./admin/privacy.js";
import { suggestions } from "./admin/suggestions.js";
import { trouble } from "./admin/ui.js";
import { el } from "./parts.js";
import { call, Problem, signOut, whoami } from "./session.js";
import en from "./words/admin.en.js";
import zh from "./words/admin.zh.js";

/** @typedef {{sign: import("./admin/glyphs.js").Glyph, group: "learn" | "know" | "house", show: (page: Page) => Promise<void>}} Section */
/** @type {Record<string, Section>} */
const SECTIONS = {
  insights: { sign: "chart", group: "learn", show: insights },
  suggestions: { sign: "bulb", group: "learn", show: suggestions },
  entries: { sign: "book", group: "know", show: entries },
  files: { sign: "file", group: "know", show: files },
  build: { sign: "hammer", group: "know", show: build },
  prices: { sign: "tag", group: "know", show: prices },
  playground: { sign: "flask", group: "know", show: playground },
  people: { sign: "people", group: "house", show: people },
  privacy: { sign: "shield", group: "house", show: privacy },
  log: { sign: "log", group: "house", show: log },
};
const SAID_MS = 5000;

const lang = chosen();
const words = lang === "zh" ? zh : en;
const at = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
let leaving = new AbortController();
let said = 0;
let shownAt = "";

/** To sign in, and back to the very place. */
const toDoor = () => location.assign(`/signin?next=${encodeURIComponent(location.pathname + location.hash)}`);

/** @param {string} method @param {string} path @param {unknown} [body] */
async function ask(method, path, body) {
  try {
    return await call(method, path, body);
  } catch (error) {
    if (error instanceof Problem && error.code === "not_signed_in") toDoor();
    throw error;
  }
}

/** @param {string} text */
function say(text) {
  at("toast").textContent = text;
  clearTimeout(said);
  said = setTimeout(() => at("toast").replaceChildren(), SAID_MS);
}

function address() {
  const [name, asked] = location.hash.replace(/^#\/?/, "").split("?");
  return { name: Object.hasOwn(SECTIONS, name) ? name : "insights", params: new URLSearchParams(asked) };
}

function rail() {
  const groups = /** @type {const} */ (["learn", "know", "house"]).map((group) =>
    el("div", "group", {},
      el("p", "group-name", { id: `group-${group}` }, words.groups[group]),
      el("ul", "", { role: "list", "aria-labelledby": `group-${group}` }, ...Object.entries(SECTIONS).filter(([, one]) => one.group === group).map(([name, one]) =>
        el("li", "", {}, el("a", "", { href: `#/${name}`, id: `to-${name}` }, glyph(one.sign), words.sections[/** @type {"log"} */ (name)]))))));
  at("rail").replaceChildren(...groups);
}

/** @param {import("./session.js").Who} who */
async function show(who) {
  const { name, params } = address();
  const first = !shownAt;
  if (shownAt === location.hash && !first) return;
  shownAt = location.hash;
  leaving.abort();
  leaving = new AbortController();
  const { signal } = leaving;
  const root = el("div", `section ${name} stack`);
  for (const link of at("rail").querySelectorAll("a")) {
    if (link.id === `to-${name}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  at(`to-${name}`).scrollIntoView({ block: "nearest", inline: "center" });
  document.title = `${words.sections[/** @type {"log"} */ (name)]} · Aisle`;
  at("main").replaceChildren(root);
  /** @param {Record<string, string>} values */
  const keep = (values) => {
    if (signal.aborted) return;
    const set = Object.entries(values).filter(([, value]) => value);
    shownAt = `#/${name}${set.length ? `?${new URLSearchParams(set)}` : ""}`;
    history.replaceState(null, "", shownAt);
  };
  const showing = SECTIONS[name].show({ root, words, lang, params, signal, who, ask, say, keep });
  if (!first) {
    scrollTo(0, 0);
    root.querySelector("h1")?.focus({ preventScroll: true });
  }
  try {
    await showing;
  } catch (error) {
    trouble(root.appendChild(el("p")), error, words);
  }
}

function translate() {
  document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
  at("skip").textContent = words.skip;
  at("to-desk").textContent = words.desk;
  at("to-transcripts").textContent = words.transcripts;
  at("to-admin").textContent = words.admin;
  at("pages").setAttribute("aria-label", words.pages);
  at("rail").setAttribute("aria-label", words.parts);
  at("leave").textContent = words.leave;
  for (const link of at("langs").querySelectorAll("a")) {
    link.setAttribute("aria-current", String(link.dataset.lang === lang));
    link.onclick = (event) => {
      event.preventDefault();
      location.assign(`/admin?lang=${link.dataset.lang}${location.hash}`);
    };
  }
  rail();
}

async function begin() {
  translate();
  try {
    const who = await whoami();
    if (who.role !== "admin") return toDoor();
    at("me").textContent = who.name ?? "";
    at("leave").onclick = () => signOut().then(() => location.assign("/signin"), (error) => say(words.errors[/** @type {"offline"} */ (error.code)] ?? words.errors.other));
    // The skip link's own hash must not be taken for a section.
    at("skip").onclick = (event) => {
      event.preventDefault();
      at("main").focus();
    };
    addEventListener("hashchange", () => void show(who));
    await show(who);
  } catch (error) {
    trouble(at("main").appendChild(el("p")), error, words);
  }
}

// Back from the sign-in page, the browser may show this one as it was, with nobody signed in by now.
addEventListener("pageshow", (event) => event.persisted && location.reload());
void begin();
