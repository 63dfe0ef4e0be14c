/**
 * The dialog in which an entry is written or changed.
 *
 * @typedef {import("./types").Entry} Entry
 * @typedef {import("./types").Page} Page
 */
import { el } from "../parts.js";
import { lines, query, slug } from "./format.js";
import { choice, dialog, field, line, once, press } from "./ui.js";

/** @param {Page} page @param {Entry | null} one null for a new one @param {() => Promise<void>} saved */
export function edit(page, one, saved) {
  const { words } = page;
  const w = words.editor;
  const place = line();
  const kind = choice([["faq", words.kinds.faq], ["policy", words.kinds.policy], ["promotion", words.kinds.promotion]], one?.kind ?? "faq");
  const lang = choice([["en", words.langs.en], ["zh", words.langs.zh]], one?.lang ?? page.lang);
  const title = el("input", "", { value: one?.title ?? "", maxLength: 300 });
  const text = el("textarea", "", { value: one?.text ?? "", rows: 9, maxLength: 20_000, required: true });
  const questions = el("textarea", "", { value: (one?.questions ?? []).join("\n"), rows: 4 });
  const url = el("input", "", { value: one?.url ?? "", maxLength: 500, inputMode: "url", placeholder: "/policies/…" });
  const asked = field(w.questions, questions, w.questionsHelp);
  const linked = field(w.url, url);
  const about = () => {
    asked.hidden = (one?.kind ?? kind.value) !== "faq";
    linked.hidden = one?.kind === "product";
  };
  kind.onchange = about;
  about();

  const save = press("", w.save, () => {}, "main");
  save.type = "submit";
  const form = el("form", "stack", { noValidate: true },
    ...(one ? [el("p", "muted small", {}, w.existing, " ", el("code", "", {}, one.id))] : [el("div", "pair", {}, field(words.entries.kind, kind), field(words.entries.lang, lang))]),
    field(one?.kind === "product" ? w.name : w.title, title), asked,
    field(one?.kind === "product" ? w.description : one?.kind === "faq" || !one ? w.answer : w.text, text), linked,
    place, el("p", "muted small", {}, w.apart),
    el("div", "row end", {}, press("", words.cancel, () => box.close()), save));
  form.onsubmit = (event) => {
    event.preventDefault();
    void once(save, place, words, async () => {
      const entry = one?.entry ?? `${kind.value}:${slug(title.value || lines(questions.value)[0] || "") || crypto.randomUUID().slice(0, 8)}`;
      const body = { title: title.value, text: text.value, url: url.value, ...(asked.hidden ? {} : { questions: lines(questions.value) }) };
      await page.ask("PUT", `/api/knowledge/entries/${encodeURIComponent(entry)}${query({ lang: one?.lang ?? lang.value })}`, body);
      form.dataset.saved = "yes";
      box.close();
      await saved();
    });
  };
  const box = dialog(one ? w.change : w.fresh, words, form);
  const before = JSON.stringify([title.value, text.value, questions.value, url.value]);
  box.addEventListener("cancel", (event) => {
    const dirty = JSON.stringify([title.value, text.value, questions.value, url.value]) !== before;
    if (!dirty || form.dataset.asked || !event.cancelable) return;
    event.preventDefault();
    form.dataset.asked = "yes";
    place.className = "notice";
    place.textContent = w.unsaved;
  });
}
