/**
 * The page of transcripts: joins search, results and the conversation that is read. The search and what is open are in
 * the address, so that both can be kept and sent. Language: as on the desk.
 */
import { chosen } from "./admin/lang.js";
import { trouble } from "./admin/ui.js";
import { el } from "./parts.js";
import { Problem, call, door, whoami } from "./session.js";
import { Keep } from "./socket.js";
import { Form } from "./transcripts/form.js";
import { top } from "./transcripts/page.js";
import { Reading } from "./transcripts/reading.js";
import { Results } from "./transcripts/results.js";
import { address, read } from "./transcripts/search.js";
import staffEn from "./words/staff.en.js";
import staffZh from "./words/staff.zh.js";
import en from "./words/transcripts.en.js";
import zh from "./words/transcripts.zh.js";

const root = /** @type {HTMLElement} */ (document.getElementById("desk"));
const lang = chosen();
const words = lang === "zh" ? zh : en;
const staff = lang === "zh" ? staffZh : staffEn;
const spoken = el("div", "sr", { role: "status" });
const narrow = () => matchMedia("(max-width: 820px)").matches;

/** @param {string} method @param {string} path @param {unknown} [body] */
async function ask(method, path, body) {
  try {
    return await call(method, path, body);
  } catch (error) {
    if (error instanceof Problem && error.code === "not_signed_in") location.replace(door());
    throw error;
  }
}

/** @param {import("./session.js").Who} who */
function begin(who) {
  /** @type {import("./transcripts/page.js").Page} */
  const page = { words, staff, lang, me: who.name ?? "", ask, open: (conversation) => go(conversation), announce: (text) => (spoken.textContent = text) };
  const form = new Form(page, (search) => {
    if (address(search, open) !== address(searched, open)) history.replaceState(null, "", address(search, open));
    searched = search;
    void results.find(search);
  });
  const results = new Results(page);
  const reading = new Reading(page, () => go(""));
  let searched = form.read();
  let open = "";

  /** @param {string} conversation "" for the list */
  function go(conversation) {
    history.pushState(null, "", address(searched, conversation));
    show(conversation);
    if (narrow()) (conversation ? reading.title : results).focus();
  }

  /** @param {string} conversation */
  function show(conversation) {
    open = conversation;
    document.body.classList.toggle("talking", !!conversation);
    results.open(conversation);
    if (conversation) void reading.open(conversation, searched.q);
    else reading.close();
  }

  /** What the address says; what of it cannot be is dropped. */
  function follow() {
    const params = new URLSearchParams(location.search);
    form.fill(read(params));
    const before = address(searched, "");
    searched = form.read();
    show(params.get("open") ?? "");
    if (address(searched, "") !== before || !results.said.textContent) void results.find(searched);
  }

  const left = el("div", "list", { role: "group", "aria-label": words.title }, el("div", "scroll", {}, el("h2", "sr", {}, words.title), form.node, results.node));
  root.replaceChildren(el("a", "skip", { href: "#thread" }, staff.skip), top(page, who.role === "admin"), el("div", "columns", {}, left, reading.node), spoken);
  addEventListener("popstate", follow);
  addEventListener("keydown", (event) => {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.key === "Escape" && open && !event.defaultPrevented && !at.closest("dialog, form")) (narrow() ? go("") : results.focus());
  });
  follow();
}

document.documentElement.lang = lang === "zh" ? "zh-Hans" : "en";
document.title = words.page;
const theme = new Keep(() => localStorage).get("aisle-desk:theme");
if (theme) document.documentElement.dataset.theme = theme;
// Back from the sign-in page, the browser may show this one as it was, with nobody signed in by now.
addEventListener("pageshow", (event) => event.persisted && location.reload());
try {
  const who = await whoami();
  if (who.name) begin(who);
  else location.replace(door());
} catch (error) {
  trouble(root.appendChild(el("p")), error, words);
}
