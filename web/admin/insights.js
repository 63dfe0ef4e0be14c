/**
 * Insights: what shoppers ask, how it ends, what is missing. Every number has its definition on the page, every chart
 * its table, every table its CSV.
 *
 * @typedef {import("./types").Page} Page
 */
import { button, el } from "../parts.js";
import { barChart, figure, heatMap, meter, stackBar } from "./charts.js";
import { busiest, listed, OUTCOMES, week } from "./figures.js";
import { day, daysBefore, localDay, milliseconds, number, percent, query, weekdayName } from "./format.js";
import { glyph } from "./glyphs.js";
import { small } from "./entries.js";
import { write } from "./suggestions.js";
import { choice, empty, field, go, head, line, once, table } from "./ui.js";

const SPANS = [7, 30, 90];

/** @param {Page} page */
export async function insights(page) {
  const { root, words, params } = page;
  const w = words.insights;
  const today = localDay(new Date());
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const place = line();
  const out = el("div", "stack");
  const from = el("input", "", { type: "date", max: today, value: params.get("from") ?? daysBefore(today, 29) });
  const to = el("input", "", { type: "date", max: today, value: params.get("to") ?? today });
  const spoken = choice([["", words.entries.anyLang], ["en", words.langs.en], ["zh", words.langs.zh]], params.get("lang") ?? "");
  const spans = el("div", "spans", { role: "group", "aria-label": w.span }, ...SPANS.map((days) => {
    const node = button("chip", { onclick: () => { to.value = today; from.value = daysBefore(today, days - 1); void load(); } }, w.days(days));
    node.dataset.days = String(days);
    return node;
  }));
  for (const one of [from, to, spoken]) one.onchange = () => load();
  let asked = 0;

  async function load() {
    const turn = (asked += 1);
    if (!from.value || !to.value) return;
    if (from.value > to.value) [from.value, to.value] = [to.value, from.value];
    for (const chip of spans.querySelectorAll("button")) chip.ariaPressed = String(to.value === today && from.value === daysBefore(today, Number(chip.dataset.days) - 1));
    const span = { from: from.value, to: to.value, lang: spoken.value };
    page.keep(to.value === today && from.value === daysBefore(today, 29) ? { lang: span.lang } : span);
    // The server wants the day after the last one, and whose midnight is meant.
    const asking = query({ ...span, to: daysBefore(span.to, -1), timezone: timeZone });
    out.setAttribute("aria-busy", "true");
    await once(null, place, words, async () => {
      const told = await page.ask("GET", `/api/insights${asking}`);
      if (turn === asked) out.replaceChildren(...shown(told, asking, page, load));
    });
    out.removeAttribute("aria-busy");
  }

  root.append(head(w.title, w.about),
    el("div", "filters when", {}, spans, field(w.from, from), field(w.to, to), field(words.entries.lang, spoken)), place, out);
  await load();
}

/** @param {any} told @param {string} asking the range, as the server was asked for it @param {Page} page @param {() => Promise<void>} again */
function shown(told, asking, page, again) {
  const { words } = page;
  const w = words.insights;
  if (!told.totals?.conversations) return [empty("chart", w.none, w.noneHelp, go("chat", w.tryIt, "/"))];
  /** @param {string} name */
  const csv = (name) => el("a", "csv", { href: `/api/insights/${name}.csv${asking}`, download: "" }, glyph("down"), words.csv);
  return [
    tiles(told, page),
    el("div", "grid", {}, byDay(told, page, "conversations", csv), byDay(told, page, "messages", csv)),
    el("div", "grid", {}, outcomes(told, page, csv),
      el("div", "stack", {}, hours(told, page, csv), languages(told, page, csv), ratings(told, page, csv))),
    el("div", "grid", {}, stages(told, page, csv), moods(told, page, csv)),
    unanswered(told, page, csv, again),
    el("div", "grid", {}, top(w.most, told.passages.most, "passages_most", page, csv, defined(told, page, "passages")), never(told, page, csv)),
    el("div", "grid three", {},
      top(w.products, told.products, "products", page, csv, defined(told, page, "products")),
      top(w.outOfStock, told.out_of_stock, "out_of_stock", page, csv, defined(told, page, "out_of_stock")),
      top(w.prices, told.price_objections, "price_objections", page, csv, defined(told, page, "price_objections"))),
    times(told, page, csv),
    definitions(told, page),
  ];
}

/** @typedef {(name: string) => Node} Csv */

/** What a number means, in the server's own words, for the server counts. @param {any} told @param {Page} page @param {string} name @returns {string} */
const defined = (told, { lang }, name) => told.definitions?.[name]?.[lang] ?? told.definitions?.[name]?.en ?? "";

/** @param {any} told @param {Page} page */
function tiles(told, { words, lang }) {
  const w = words.insights;
  const { conversations: all, messages, questions, answered, handed_over: handed } = told.totals;
  const { up, down } = told.ratings;
  const one = (/** @type {string} */ name, /** @type {string} */ value, /** @type {string} */ note = "") =>
    el("li", "tile", {}, el("span", "", {}, name), el("strong", "", {}, value), el("span", "muted small", {}, note));
  const first = told.times.first_word_ms.p50;
  return el("ul", "tiles", { "aria-label": w.totals },
    one(w.conversations, number(all, lang), w.perDay(number(messages, lang))),
    one(w.answered, percent(answered, questions, lang), w.ofQuestions(number(questions, lang))),
    one(w.outcomes.resolved, percent(told.outcomes.resolved, all, lang), w.saidSo),
    one(w.handedOver, percent(handed, all, lang), w.ofAll(handed)),
    one(w.firstWord, first == null ? "–" : milliseconds(first), "p50"),
    one(w.good, percent(up, up + down, lang), w.rated(up + down)));
}

/** @param {any} told @param {Page} page @param {"conversations" | "messages"} what @param {Csv} csv */
function byDay(told, page, what, csv) {
  const { words, lang } = page;
  const w = words.insights;
  const rows = /** @type {import("./figures.js").Day[]} */ (told.series);
  const title = w.byDay[what];
  const points = rows.map((row) => ({ name: row.day, label: day(row.day, lang), value: row[what], said: `${day(row.day, lang)}: ${number(row[what], lang)}` }));
  const most = points.reduce((best, one) => (one.value > best.value ? one : best), points[0]);
  const about = w.most_on(most?.label ?? "–", number(most?.value ?? 0, lang));
  return figure({
    title, about, show: words.asTable, csv: csv("series"),
    picture: barChart({ title, about, points, format: (n) => number(n, lang) }, page.signal),
    table: table(title, [{ label: w.day, cell: (row) => day(row.day, lang), name: "first" }, { label: w[what], cell: (row) => number(row[what], lang), figure: true }], rows),
  });
}

/** Apart, never added up; each with what it means. @param {any} told @param {Page} page @param {Csv} csv */
function outcomes(told, page, csv) {
  const { words, lang } = page;
  const w = words.insights;
  const all = told.totals.conversations;
  return el("section", "card figure-card", { "aria-label": w.outcomesTitle },
    el("div", "split", {}, el("h3", "", {}, w.outcomesTitle), csv("outcomes")), el("p", "muted small", {}, defined(told, page, "outcomes")),
    el("ul", "plain outcomes", {}, ...OUTCOMES.map((name) =>
      el("li", `outcome ${name}`, {},
        el("div", "split", {}, el("strong", "", {}, w.outcomes[name]), el("span", "", {}, `${number(told.outcomes[name] ?? 0, lang)} · ${percent(told.outcomes[name] ?? 0, all, lang)}`)),
        meter((told.outcomes[name] ?? 0) / all, name), el("p", "muted small", {}, defined(told, page, name))))));
}

/** How far shoppers came, and how many went on from there. @param {any} told @param {Page} page @param {Csv} csv */
function stages(told, page, csv) {
  const { words, lang } = page;
  const w = words.insights;
  const all = told.totals.conversations;
  const rows = /** @type {{stage: "discovery" | "interested" | "ready", conversations: number, reached: number, went_on: number, abandoned: number, handed_over: number}[]} */ (told.stages);
  return el("section", "card figure-card", { "aria-label": w.stagesTitle },
    el("div", "split", {}, el("h3", "", {}, w.stagesTitle), csv("stages")), el("p", "muted small", {}, defined(told, page, "stages")),
    el("ul", "plain outcomes", {}, ...rows.map((row, i) =>
      el("li", "outcome", {},
        el("div", "split", {}, el("strong", "", {}, w.stages[row.stage]), el("span", "", {}, `${number(row.conversations, lang)} · ${percent(row.conversations, all, lang)}`)),
        meter(row.conversations / all, row.stage),
        el("p", "muted small", {}, [
          ...(i + 1 < rows.length ? [w.wentOn(percent(row.went_on, row.reached, lang), number(row.reached, lang))] : []),
          w.ofThem(number(row.abandoned, lang), number(row.handed_over, lang)),
        ].join(" "))))));
}

/** @param {any} told @param {Page} page @param {Csv} csv */
function moods(told, page, csv) {
  const w = page.words.insights;
  const all = told.totals.conversations;
  const parts = /** @type {const} */ (["calm", "annoyed", "angry"]).map((mood) => {
    const value = /** @type {number} */ (told.moods[mood]);
    return { name: w.moods[mood], value, said: `${number(value, page.lang)} · ${percent(value, all, page.lang)}` };
  });
  return shares(w.moodsTitle, defined(told, page, "moods"), parts, page, csv("moods"));
}

/** @param {any} told @param {Page} page @param {Csv} csv */
function hours(told, page, csv) {
  const { words, lang, signal } = page;
  const w = words.insights;
  const rows = week(told.hours);
  const top = busiest(rows);
  const hour = (/** @type {number} */ at) => `${String(at).padStart(2, "0")}:00`;
  const about = top ? w.busiest(weekdayName(top.weekday, lang, "long"), hour(top.hour), number(top.count, lang)) : "";
  const named = rows.map((values, i) => ({ name: weekdayName(i, lang), values }));
  const flat = named.flatMap(({ name, values }) => values.map((count, at) => ({ name, at, count }))).filter((one) => one.count);
  return figure({
    title: w.hours, about: `${about} ${w.clock(told.range.timezone)}`, show: words.asTable, csv: csv("hours"),
    picture: heatMap({ title: w.hours, about, rows: named, hour, said: (row, at, value) => `${row} ${hour(at)}: ${number(value, lang)}` }, signal),
    table: table(w.hours, [{ label: w.day, cell: (one) => one.name, name: "first" }, { label: w.hour, cell: (one) => hour(one.at) }, { label: w.messages, cell: (one) => number(one.count, lang), figure: true }], flat),
  });
}

/** @param {string} title @param {string} about @param {{name: string, value: number, said: string, kind?: string}[]} parts @param {Page} page @param {Node} csv */
const shares = (title, about, parts, { words }, csv) =>
  figure({
    title, about, show: words.asTable, csv, picture: stackBar(title, parts),
    table: table(title, [{ label: words.insights.what, cell: (one) => one.name, name: "first" }, { label: words.insights.count, cell: (one) => one.said, figure: true }], parts),
  });

/** @param {any} told @param {Page} page @param {Csv} csv */
function languages(told, page, csv) {
  const { words, lang } = page;
  const rows = /** @type {{lang: string, conversations: number}[]} */ (told.languages);
  const all = rows.reduce((sum, row) => sum + row.conversations, 0);
  const parts = rows.map(({ lang: name, conversations: value }) => ({ name: words.langs[/** @type {"en"} */ (name)] ?? (name || "–"), value, said: `${number(value, lang)} · ${percent(value, all, lang)}` }));
  return shares(words.insights.languages, defined(told, page, "languages"), parts, page, csv("languages"));
}

/** @param {any} told @param {Page} page @param {Csv} csv */
function ratings(told, page, csv) {
  const w = page.words.insights;
  const { up, down } = told.ratings;
  const said = (/** @type {number} */ value) => `${number(value, page.lang)} · ${percent(value, up + down, page.lang)}`;
  return shares(w.ratings, defined(told, page, "ratings"), [{ name: w.up, value: up, said: said(up), kind: "up" }, { name: w.down, value: down, said: said(down), kind: "down" }], page, csv("ratings"));
}

/** @param {any} told @param {Page} page @param {Csv} csv */
function times(told, page, csv) {
  const { words } = page;
  const w = words.insights;
  const rows = /** @type {const} */ ([["first_word_ms", w.firstWord], ["answer_ms", w.answer]]).flatMap(([key, name]) =>
    ["p50", "p95"].map((p) => ({ name, p, ms: /** @type {number | null} */ (told.times[key][p]) })));
  const most = Math.max(1, ...rows.map((row) => row.ms ?? 0));
  return el("section", "card figure-card", { "aria-label": w.times },
    el("div", "split", {}, el("h3", "", {}, w.times), csv("times")), el("p", "muted small", {}, defined(told, page, "times")),
    table(w.times, [
      { label: w.what, cell: (row) => `${row.name} ${row.p}`, name: "first" },
      { label: w.time, name: "scored", cell: (row) => el("div", "scored-in", {}, meter((row.ms ?? 0) / most, row.p), el("span", "", {}, row.ms == null ? "–" : milliseconds(row.ms))) },
    ], rows));
}

/** @typedef {{question: string, count: number, examples: string[], lang: string, suggestion?: {id: number, state: "open" | "approved"} | null}} Missed */

/** @param {any} told @param {Page} page @param {Csv} csv @param {() => Promise<void>} again */
function unanswered(told, page, csv, again) {
  const { words, lang } = page;
  const w = words.insights;
  /** @param {Missed} row */
  const answer = (row) => small("pen", w.write, row.question, () => write(page, [...new Set([row.question, ...row.examples])].slice(0, 50), row.lang || guess(row.question), again));
  const rows = /** @type {Missed[]} */ (told.unanswered);
  const inside = rows.length
    ? table(w.unanswered, [
        { label: w.question, name: "first", cell: (row) => el("div", "entry", {}, el("strong", "", {}, row.question), ...examples(row, words)) },
        { label: w.count, cell: (row) => number(row.count, lang), figure: true },
        { label: words.acts, name: "acts", cell: (row) => (row.suggestion ? el("a", "tag soon", { href: "#/suggestions" }, words.suggestions.states[row.suggestion.state]) : answer(row)) },
      ], rows)
    : empty("check", w.allAnswered, w.allAnsweredHelp);
  return el("section", "card stack", { "aria-label": w.unanswered },
    el("div", "split", {}, el("h2", "", {}, w.unanswered), ...(rows.length ? [csv("unanswered")] : [])), el("p", "muted", {}, w.unansweredAbout), el("p", "muted small", {}, defined(told, page, "unanswered")), inside, ...cut(told, page, "unanswered"));
}

/** @param {Missed} row @param {import("./types").Words} words */
function examples(row, words) {
  const others = row.examples.filter((text) => text !== row.question);
  return others.length ? [el("details", "", {}, el("summary", "", {}, words.insights.alike(others.length)), el("ul", "plain", {}, ...others.map((text) => el("li", "", {}, text))))] : [];
}

/** The language of a question, by its script. @param {string} text */
const guess = (text) => (/\p{Script=Han}/u.test(text) ? "zh" : "en");

/** That a list is longer than it is shown. @param {any} told @param {Page} page @param {string} name */
const cut = (told, { words, lang }, name) => (told.cut?.[name] ? [el("p", "muted small", {}, words.insights.cut(number(told.cut[name], lang)))] : []);

/** The most frequent of something. @param {string} title @param {any} list @param {string} name @param {Page} page @param {Csv} csv @param {string} about */
function top(title, list, name, { words, lang }, csv, about) {
  const w = words.insights;
  const rows = listed(list);
  const most = Math.max(1, ...rows.map((row) => row.count));
  const inside = rows.length
    ? table(title, [
        { label: w.what, name: "first", cell: (row) => el("div", "entry", {}, el("strong", "", {}, row.name), ...(row.note ? [el("span", "muted small", {}, row.note)] : [])) },
        { label: w.count, name: "scored", cell: (row) => el("div", "scored-in", {}, meter(row.count / most), el("span", "", {}, number(row.count, lang))) },
      ], rows.slice(0, 12))
    : el("p", "muted", {}, w.noneYet);
  return el("section", "card figure-card", { "aria-label": title },
    el("div", "split", {}, el("h3", "", {}, title), ...(rows.length ? [csv(name)] : [])), el("p", "muted small", {}, about), inside);
}

/** @param {any} told @param {Page} page @param {Csv} csv */
function never(told, page, csv) {
  const { words } = page;
  const w = words.insights;
  const rows = listed(told.passages.never);
  const all = told.cut?.passages_never ?? rows.length;
  const inside = rows.length
    ? el("ul", "plain never", {}, ...rows.slice(0, 30).map((row) => el("li", "", {}, row.name, " ", el("code", "", {}, row.id))))
    : el("p", "muted", {}, w.allUsed);
  return el("section", "card figure-card", { "aria-label": w.never },
    el("div", "split", {}, el("h3", "", {}, w.never), ...(rows.length ? [csv("passages_never")] : [])), el("p", "muted small", {}, w.neverAbout(all)), inside);
}

/** @param {any} told @param {Page} page */
function definitions(told, page) {
  const w = page.words.insights;
  return el("details", "card", {}, el("summary", "", {}, w.definitionsTitle), el("dl", "definitions", {}, ...Object.keys(told.definitions).flatMap((name) => [
    el("dt", "", {}, /** @type {Record<string, string>} */ (w.named)[name] ?? name), el("dd", "", {}, defined(told, page, name))])));
}
