/**
 * Source files that admins upload: dropped or picked, checked before anything is kept, listed, forgotten.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {{name: string, size_bytes: number, by: string, at: string}} Upload
 */
import { el } from "../parts.js";
import { Problem } from "../session.js";
import { small } from "./entries.js";
import { bytes, moment } from "./format.js";
import { glyph } from "./glyphs.js";
import { empty, field, go, head, line, once, problemTable, sure, table, tell } from "./ui.js";

const TYPES = ".csv,.tsv,.txt,.jsonl,.ndjson,.md,.markdown,.html,.htm,.xml";

/** @param {Page} page */
export async function files(page) {
  const { root, words, lang } = page;
  const w = words.files;
  const place = line();
  const wrong = el("div", "stack", { role: "region", "aria-label": words.problems.caption, hidden: true, tabIndex: -1 });
  const list = el("div", "stack");
  const folder = el("input", "", { placeholder: "policies/en", autocapitalize: "none", spellcheck: false });
  const picker = el("input", "sr", { type: "file", multiple: true, accept: TYPES, id: "picker", "aria-describedby": "picker-help" });
  const drop = el("label", "drop", { for: "picker" }, glyph("up"), el("strong", "", {}, w.drop), el("span", "muted", { id: "picker-help" }, w.dropHelp));
  picker.onchange = () => send([...(picker.files ?? [])]);
  for (const name of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(name, (event) => {
      event.preventDefault();
      drop.classList.toggle("over-it", name === "dragover");
      if (event instanceof DragEvent && name === "drop") void send([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** @param {File[]} chosen */
  async function send(chosen) {
    if (!chosen.length) return;
    wrong.hidden = true;
    const body = new FormData();
    const below = folder.value.trim().replace(/^\/+|\/+$/g, "");
    for (const file of chosen) body.append("files", file, below ? `${below}/${file.name}` : file.name);
    drop.setAttribute("aria-busy", "true");
    tell(place, w.reading(chosen.length));
    try {
      await page.ask("POST", "/api/knowledge/files", body);
      await load();
      tell(place, w.kept(chosen.map((file) => file.name).join(", ")), "good", el("a", "", { href: "#/build" }, w.toCheck));
    } catch (error) {
      await once(null, place, words, () => Promise.reject(error));
      if (error instanceof Problem && error.problems.length) showWrong(error.problems);
    } finally {
      drop.removeAttribute("aria-busy");
      picker.value = "";
    }
  }

  /** @param {import("./types").SourceProblem[]} problems */
  function showWrong(problems) {
    tell(place, w.refused(problems.length), "bad");
    wrong.replaceChildren(problemTable(problems, words));
    wrong.hidden = false;
    wrong.focus();
  }

  async function load() {
    const { items } = await page.ask("GET", "/api/knowledge/files");
    list.replaceChildren(items.length ? sheet(items) : empty("file", w.none, w.noneHelp));
  }

  /** @param {Upload[]} items */
  const sheet = (items) => table(w.title, [
    { label: w.name, cell: (one) => el("code", "", {}, one.name), name: "first" },
    { label: w.size, cell: (one) => bytes(one.size_bytes, lang), figure: true },
    { label: w.by, cell: (one) => one.by },
    { label: w.at, cell: (one) => moment(one.at, lang) },
    { label: words.acts, name: "acts", cell: (one) => small("bin", w.forget, one.name, (pressed) => forget(pressed, one.name)) },
  ], items);

  /** @param {HTMLButtonElement} pressed @param {string} name */
  async function forget(pressed, name) {
    if (!(await sure(w.sure(name), w.forget, words))) return;
    await once(pressed, place, words, async () => {
      await page.ask("DELETE", `/api/knowledge/files/${name.split("/").map(encodeURIComponent).join("/")}`);
      page.say(w.forgotten(name));
      await load();
    });
  }

  root.append(head(w.title, w.about, go("check", w.toCheck, "#/build")),
    el("section", "card stack", { "aria-label": w.upload }, picker, drop,
      el("details", "", {}, el("summary", "", {}, w.more), field(w.folder, folder, w.folderHelp)), place, wrong),
    list);
  await once(null, place, words, load);
}
