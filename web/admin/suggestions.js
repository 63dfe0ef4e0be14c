/**
 * Suggested entries of the FAQ: from replies that staff marked wrong and from questions that found no answer. A person
 * edits, approves or rejects them; what is approved is in the next snapshot.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {{id: number, questions: string[], answer: string, lang: string, from?: {conversation?: string, seq?: number, cluster?: string} | null, count?: number, by: string, at?: string, state: "open" | "approved" | "rejected"}} Suggestion
 */
import { el } from "../parts.js";
import { lines, moment } from "./format.js";
import { choice, dialog, empty, field, go, head, line, once, press, tag } from "./ui.js";

/** @param {Page} page */
export async function suggestions(page) {
  const { root, words, params } = page;
  const w = words.suggestions;
  const place = line();
  const list = el("div", "stack");
  const state = choice([["open", w.states.open], ["approved", w.states.approved], ["rejected", w.states.rejected]], params.get("state") ?? "open", { "aria-label": w.state });
  state.onchange = () => once(null, place, words, load);

  async function load() {
    page.keep({ state: state.value === "open" ? "" : state.value });
    const found = await page.ask("GET", `/api/suggestions?state=${state.value}`);
    const items = /** @type {Suggestion[]} */ (Array.isArray(found) ? found : found.items);
    const nothing = state.value === "open" ? empty("bulb", w.none, w.noneHelp, go("chart", w.toInsights, "#/insights")) : empty("bulb", w.noneOf, "");
    list.replaceChildren(...(items.length ? items.map(shown) : [nothing]));
  }

  /** @param {Suggestion} one */
  function shown(one) {
    const said = line();
    const questions = el("textarea", "", { rows: Math.min(6, one.questions.length + 1), value: one.questions.join("\n") });
    const answer = el("textarea", "", { rows: 4, value: one.answer });
    const open = one.state === "open";
    questions.readOnly = answer.readOnly = !open;
    const settle = async (/** @type {"approve" | "reject"} */ how) => {
      const body = how === "approve" ? { questions: lines(questions.value), answer: answer.value.trim() } : undefined;
      await page.ask("POST", `/api/suggestions/${one.id}/${how}`, body);
      page.say(how === "approve" ? w.approved : w.rejected);
      await load();
      root.querySelector("h1")?.focus();
    };
    const approve = press("check", w.approve, () => once(approve, said, words, () => settle("approve")), "main");
    const reject = press("close", w.reject, () => once(reject, said, words, () => settle("reject")));
    return el("article", "card stack suggestion", { "aria-label": one.questions[0] ?? "" },
      el("div", "row", {}, ...origin(one, page)),
      el("div", "columns even", {}, field(w.questions, questions, open ? words.editor.questionsHelp : ""), field(w.answer, answer)), said,
      ...(open ? [el("div", "row", {}, approve, reject)] : []));
  }

  root.append(head(w.title, w.about, press("plus", w.add, () => write(page, [], page.lang, load), "main")),
    el("div", "filters short", {}, state), place, list);
  await once(null, place, words, load);
}

/** Where it came from. @param {Suggestion} one @param {Page} page */
function origin(one, { words, lang }) {
  const w = words.suggestions;
  const from = one.from?.conversation
    ? [tag("soon", w.fromDesk), el("a", "", { href: `/staff?open=${encodeURIComponent(one.from.conversation)}` }, w.conversation)]
    : [tag("", one.count && one.count > 1 ? w.fromQuestions(one.count) : w.written)];
  return [...from, tag("", words.langs[/** @type {"en"} */ (one.lang)] ?? one.lang), el("span", "muted small", {}, `${w.by(one.by)} ${moment(one.at, lang)}`.trim())];
}

/** Write an answer to questions. @param {Page} page @param {string[]} questions @param {string} lang @param {() => Promise<void>} saved */
export function write(page, questions, lang, saved) {
  const { words } = page;
  const w = words.suggestions;
  const place = line();
  const asked = el("textarea", "", { rows: Math.min(8, questions.length + 2), value: questions.join("\n") });
  const answer = el("textarea", "", { rows: 5, required: true, maxLength: 4000 });
  const spoken = choice([["en", words.langs.en], ["zh", words.langs.zh]], lang === "zh" ? "zh" : "en");
  const keep = press("", w.suggest, () => {}, "main");
  keep.type = "submit";
  const form = el("form", "stack", { noValidate: true },
    field(w.questions, asked, words.editor.questionsHelp), field(words.entries.lang, spoken), field(w.answer, answer), place,
    el("p", "muted small", {}, w.then), el("div", "row end", {}, press("", words.cancel, () => box.close()), keep));
  form.onsubmit = (event) => {
    event.preventDefault();
    void once(keep, place, words, async () => {
      await page.ask("POST", "/api/suggestions", { questions: lines(asked.value), answer: answer.value.trim(), lang: spoken.value });
      box.close();
      page.say(w.suggested);
      await saved();
    });
  };
  const box = dialog(w.write, words, form);
  if (questions.length) answer.focus();
}
