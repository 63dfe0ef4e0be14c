/**
 * The playground: ask as a shopper would, and see everything that led to the answer. Below it, the gold questions.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {import("./types").Told} Told
 */
import { el, safe, toward } from "../parts.js";
import { figure, meter, stackBar } from "./charts.js";
import { milliseconds } from "./format.js";
import { glyph } from "./glyphs.js";
import { goldList } from "./gold.js";
import { card, choice, empty, facts, field, head, line, once, press, table, tag, tell } from "./ui.js";

/** @param {Page} page */
export async function playground(page) {
  const { root, words, params } = page;
  const w = words.playground;
  const place = line();
  const out = el("div", "stack", { tabIndex: -1 });
  const golds = goldList(page);
  const question = el("textarea", "", { rows: 2, maxLength: 2000, value: params.get("q") ?? "", placeholder: w.example, required: true });
  const spoken = choice([["", w.auto], ["en", words.langs.en], ["zh", words.langs.zh]], params.get("lang") ?? "");
  const askButton = press("chat", w.ask, () => {}, "main");
  askButton.type = "submit";
  const form = el("form", "card ask", { noValidate: true }, field(w.question, question), field(words.entries.lang, spoken), askButton);
  question.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  };
  form.onsubmit = (event) => {
    event.preventDefault();
    void ask();
  };

  const ask = () => once(askButton, place, words, async () => {
    const text = question.value.trim();
    if (!text) return question.focus();
    page.keep({ q: text, lang: spoken.value });
    out.setAttribute("aria-busy", "true");
    try {
      const told = await page.ask("POST", "/api/playground", { question: text, lang: spoken.value });
      out.replaceChildren(...shown(told, text, page, golds.load));
    } finally {
      out.removeAttribute("aria-busy");
    }
  });

  out.append(empty("flask", w.empty, w.emptyHelp));
  root.append(head(w.title, w.about), form, place, out, golds.node);
  await once(null, place, words, golds.load);
  if (question.value) await ask();
}

/** @param {Told} told @param {string} question @param {Page} page @param {() => Promise<void>} saved */
function shown(told, question, page, saved) {
  const w = page.words.playground;
  const known = [told.query && [w.query, told.query], [w.generator, told.generator || "–"], [w.fallback, told.fallback || w.noFallback],
    [page.words.entries.lang, told.lang], [w.snapshot, el("code", "", {}, told.snapshot)], [w.action, told.action || "–"]].filter(Boolean);
  return [
    el("div", "columns even", {},
      card(w.reply, reply(told, page)),
      card(w.why, facts(/** @type {[string, string][]} */ (known)), el("h3", "", {}, w.verdict), verdict(told, page))),
    hits(told, question, page, saved),
    timings(told, page),
    card(w.made, raw(w.prompt, told.prompt ? told.prompt.map((one) => `# ${one.role}\n${one.content}`).join("\n\n") : w.noPrompt), raw(w.draft, told.draft || w.noDraft)),
  ];
}

/** As the shopper sees it. @param {Told} told @param {Page} page */
function reply(told, { words }) {
  const w = words.playground;
  const sources = told.citations.map((one) => {
    const href = safe(one.url);
    const name = href ? el("a", "", toward(href), one.title) : el("span", "", {}, one.title);
    return el("li", "", {}, el("span", "cite", {}, String(one.n)), " ", name, el("p", "muted small clip", {}, one.excerpt));
  });
  const cards = told.cards.map((one) => el("li", "", {}, el("strong", "", {}, one.name), ` · ${one.price} · ${w.stock(one.stock)}`));
  return el("div", "stack tight", {},
    el("p", "bubble", {}, told.text),
    ...(sources.length ? [el("ul", "plain sources", { "aria-label": w.sources }, ...sources)] : []),
    ...(cards.length ? [el("ul", "plain", { "aria-label": w.cards }, ...cards)] : []),
    ...(told.choices.length ? [el("p", "row", {}, ...told.choices.map((text) => el("span", "chip", {}, text)))] : []));
}

/** @param {Told} told @param {Page} page */
function verdict(told, { words }) {
  const w = words.playground;
  if (!told.verdict.length) return el("p", "muted", {}, w.noClaims);
  return el("ul", "plain verdict", {}, ...told.verdict.map((one) =>
    el("li", one.supported ? "ok" : "no", {}, glyph(one.supported ? "check" : "warn"),
      el("span", "", {}, el("strong", "", {}, one.text), ` ${w.claims[/** @type {"price"} */ (one.kind)] ?? one.kind}`), tag(one.supported ? "good" : "bad", one.supported ? w.supported : w.unsupported))));
}

/** @param {Told} told @param {string} question @param {Page} page @param {() => Promise<void>} saved */
function hits(told, question, page, saved) {
  const { words } = page;
  const w = words.playground;
  if (!told.hits.length) return card(w.hits, empty("search", w.noHits, w.noHitsHelp));
  const place = line();
  const best = Math.max(...told.hits.map((hit) => hit.score), 1e-9);
  const cited = new Set(told.citations.map((one) => one.passage));
  let expected = told.hits[0].passage;
  const save = press("star", w.saveGold, () => once(save, place, words, async () => {
    await page.ask("POST", "/api/gold", { question, lang: told.lang, passage: expected });
    tell(place, w.savedGold, "good");
    await saved();
  }));
  /** @param {Told["hits"][number]} hit */
  const pick = (hit) => el("input", "", { type: "radio", name: "expected", checked: hit.passage === expected, "aria-label": w.expect(hit.title), onchange: () => { expected = hit.passage; } });
  return card(w.hits, el("p", "muted", {}, w.hitsAbout), table(w.hits, [
    { label: w.expected, cell: pick },
    { label: w.passage, name: "first", cell: (hit) => el("div", "entry", {}, el("strong", "", {}, hit.title, " ", ...(cited.has(hit.passage) ? [tag("good", w.cited)] : [])), el("code", "", {}, hit.passage)) },
    { label: w.score, name: "scored", cell: (hit) => el("div", "scored-in", {}, meter(hit.score / best), el("span", "", {}, hit.score.toFixed(4))) },
    { label: w.exact, cell: (hit) => (hit.exact ? glyph("check") : "–"), figure: true },
    { label: w.cosine, cell: (hit) => hit.cosine.toFixed(2), figure: true },
    { label: w.bm25, cell: (hit) => (hit.bm25 ?? 0).toFixed(1), figure: true },
    { label: w.coverage, cell: (hit) => hit.coverage.toFixed(2), figure: true },
  ], told.hits), el("div", "row", {}, save), place);
}

/** @param {Told} told @param {Page} page */
function timings(told, { words }) {
  const w = words.playground;
  // Of these two, the one tells when the first word came, and the other how long all took: neither is a part.
  const { first_word: first, total, ...parts } = told.ms;
  const stages = Object.entries(parts).map(([name, ms]) => ({ name: w.stages[/** @type {"search"} */ (name)] ?? name, value: ms, said: milliseconds(ms) }));
  const whole = milliseconds(total ?? stages.reduce((sum, one) => sum + one.value, 0));
  const behind = table(w.timings, [{ label: w.stage, cell: (one) => one.name, name: "first" }, { label: w.time, cell: (one) => one.said, figure: true }], stages);
  return figure({ title: w.timings, about: first == null ? w.whole(whole) : w.wholeFirst(whole, milliseconds(first)), picture: stackBar(w.timings, stages), table: behind, show: words.asTable });
}

/** @param {string} name @param {string} text */
const raw = (name, text) => el("details", "raw", {}, el("summary", "", {}, name), el("pre", "", { tabIndex: 0 }, text));
