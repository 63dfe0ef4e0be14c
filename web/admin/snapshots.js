/**
 * The snapshots, which worker serves which, going back, and the watch that builds by itself. Looks again now and then.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {import("./types").Standing} Standing
 * @typedef {import("./types").Snapshot} Snapshot
 */
import { el } from "../parts.js";
import { score } from "./checked.js";
import { small } from "./entries.js";
import { moment, number } from "./format.js";
import { card, choice, empty, field, line, once, press, table, tag, tell, tick } from "./ui.js";

const LOOK_EVERY_MS = 3000;
const INTERVALS_S = [300, 900, 3600, 6 * 3600, 24 * 3600];

/** @param {Page} page @param {{activate: (version: string, force?: boolean, where?: HTMLElement) => Promise<void>}} acts */
export function standing(page, acts) {
  const { words, lang } = page;
  const w = words.snapshots;
  const [place, watchPlace] = [line(), line()];
  const [serving, workers, list, watching] = [el("div", "stack"), el("div"), el("div"), el("div", "stack")];
  const back = press("back", w.rollBack, () => once(back, place, words, async () => {
    const { version } = await page.ask("POST", "/api/knowledge/rollback");
    page.say(w.rolledBack(version));
    await load();
  }));
  /** @type {Record<string, string>} */
  const drawn = {};

  async function load() {
    /** @type {Standing} */
    const now = await page.ask("GET", "/api/knowledge/snapshots");
    const current = now.items.find((one) => one.current);
    put("serving", serving, [current, now.workers?.map((one) => one.version)], () => [current ? serves(current, now) : empty("hammer", w.none, w.noneHelp)]);
    put("workers", workers, now.workers?.map((one) => [one.worker, one.version]) ?? null, () => [who(now, current)]);
    put("list", list, now.items, () => [versions(now.items)]);
    put("watch", watching, now.watch, () => watch(now.watch));
    back.disabled = !now.items.some((one) => !one.current && !one.problem);
  }

  /** Draw only what differs, so that a focus is not lost. @param {string} name @param {HTMLElement} node @param {unknown} value @param {() => Node[]} draw */
  function put(name, node, value, draw) {
    const text = JSON.stringify(value ?? null);
    if (drawn[name] === text || (name === "watch" && node.contains(document.activeElement))) return;
    drawn[name] = text;
    node.replaceChildren(...draw());
  }

  /** @param {Snapshot} one @param {Standing} now */
  function serves(one, now) {
    const on = now.workers?.filter((worker) => worker.version === one.version).length ?? 0;
    const all = now.workers?.length ?? 0;
    return el("div", "stack tight", {},
      el("p", "big", {}, el("code", "", {}, one.version)),
      el("p", "muted", {}, w.made(moment(one.created_at, lang), one.by ?? "")),
      el("p", "row", {}, now.workers ? tag(on === all ? "good" : "soon", w.workersOn(on, all)) : tag("bad", w.noRedis)),
      ...(one.counts ? [counts(one.counts)] : []),
      ...(one.gold ? [score(words.checked.gold, one.gold, lang)] : []));
  }

  /** @param {Record<string, number>} found */
  const counts = (found) => el("ul", "tiles small-tiles", {}, ...Object.entries(found).map(([name, value]) =>
    el("li", "tile", {}, el("strong", "", {}, number(value, lang)), el("span", "", {}, w.counts[/** @type {"passages"} */ (name)] ?? name))));

  /** @param {Standing} now @param {Snapshot | undefined} current */
  const who = (now, current) => now.workers
    ? table(w.workers, [
        { label: w.worker, cell: (one) => el("code", "", {}, one.worker), name: "first" },
        { label: w.version, cell: (one) => el("span", "", {}, el("code", "", {}, one.version), " ", one.version === current?.version ? tag("good", w.same) : tag("soon", w.behind)) },
      ], now.workers)
    : el("p", "notice bad", {}, w.noRedis);

  /** @param {Snapshot[]} items */
  const versions = (items) => table(w.title, [
    { label: w.version, name: "first", cell: (one) => el("div", "entry", {}, el("code", "", {}, one.version), el("span", "muted small", {}, moment(one.created_at, lang)), ...(one.problem ? [el("span", "small", {}, one.problem)] : [])) },
    { label: w.gold, cell: (one) => (one.gold ? `${one.gold.passed} / ${one.gold.total}` : "–"), figure: true },
    { label: words.acts, name: "acts", cell: (one) => (one.current ? tag("good", w.current) : one.problem ? tag("bad", w.broken) : small("check", w.activate, one.version, (pressed) => once(pressed, place, words, () => acts.activate(one.version, false, place)))) },
  ], items);

  /** @param {import("./types").Watch} state */
  function watch(state) {
    const on = tick(w.watch, state.enabled);
    const options = [...new Set([...INTERVALS_S, state.every_s])].sort((a, b) => a - b);
    const every = choice(options.map((s) => [String(s), w.every(s)]), String(state.every_s));
    const save = press("", w.save, () => once(save, watchPlace, words, async () => {
      await page.ask("PUT", "/api/knowledge/watch", { enabled: on.input.checked, every_s: Number(every.value) });
      save.blur();
      await load();
      tell(watchPlace, w.watchSaved, "good");
    }));
    const said = [
      ...(state.last ? [w.last(moment(state.last, lang), state.last_result)] : [w.never]),
      ...(state.next ? [w.next(moment(state.next, lang))] : []),
    ];
    return [on.node, field(w.interval, every), el("div", "row", {}, save), el("ul", "plain muted", {}, ...said.map((text) => el("li", "", {}, text)))];
  }

  function begin() {
    const look = () => document.visibilityState === "visible" && load().catch(() => {});
    const timer = setInterval(look, LOOK_EVERY_MS);
    page.signal.addEventListener("abort", () => clearInterval(timer));
  }

  const node = el("div", "stack", {},
    card(w.serving, serving, el("div", "row", {}, back), place),
    card(w.workers, workers), card(w.title, list), card(w.watchTitle, el("p", "muted", {}, w.watchAbout), watching, watchPlace));
  return { node, load, begin };
}
