/**
 * A build as it goes, told by server-sent events; where those do not come through, asked for now and then.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {import("./types").Run} Run
 */
import { el, write } from "../parts.js";
import { gold } from "./checked.js";
import { number, seconds } from "./format.js";
import { line, once, press, problemTable, table, tag, tell } from "./ui.js";

const ASK_EVERY_MS = 1000;
const OVER = ["done", "failed", "cancelled"];

/** @param {Page} page @param {string} id
 * @param {{ended: () => void, retry: () => void, activate: (version: string, force?: boolean, where?: HTMLElement) => Promise<void>}} acts */
export function progress(page, id, acts) {
  const { words, lang } = page;
  const w = words.progress;
  const title = el("h2", "", { tabIndex: -1 }, w.title);
  const sign = tag("", "");
  const bar = el("progress", "", { max: 1, "aria-label": w.title });
  const [stage, count, speed] = [el("strong"), el("span", "muted"), el("span", "muted")];
  const place = line();
  const end = el("div", "stack");
  const cancel = press("close", w.cancel, () => once(cancel, place, words, async () => {
    await page.ask("POST", `/api/knowledge/runs/${id}/cancel`);
    write(stage, w.cancelling);
  }));
  const heard = el("p", "sr", { role: "status" });
  const node = el("section", "card stack run", { "aria-label": w.title },
    el("div", "split", {}, title, sign), el("div", "stack tight", {}, el("div", "split", {}, stage, count), bar, el("div", "split", {}, speed, cancel)), heard, place, end);
  let over = false;

  /** @param {Run} run */
  function show(run) {
    if (over) return;
    over = OVER.includes(run.state);
    const mine = run.by === page.who.name;
    write(title, mine ? w.title : w.other(run.by));
    sign.className = `tag ${run.state === "done" ? "good" : run.state === "failed" ? "bad" : "soon"}`;
    write(sign, w.states[run.state]);
    const name = w.stages[/** @type {"read"} */ (run.stage)] ?? run.stage;
    write(stage, over ? w.took(seconds(run.seconds)) : name);
    if (!over) write(heard, `${name} ${run.total ? Math.floor((run.done / run.total) * 4) * 25 : 0} %`);
    if (run.total > 0) bar.value = over && run.state === "done" ? 1 : run.done / run.total;
    else bar.removeAttribute("value");
    write(count, run.total && !over ? w.of(number(run.done, lang), number(run.total, lang)) : "");
    write(speed, [run.rate && w.rate(number(run.rate, lang)), run.left_s != null && w.left(seconds(run.left_s))].filter(Boolean).join(" · "));
    cancel.hidden = over;
    if (over) finish(run);
  }

  /** @param {Run} run */
  function finish(run) {
    stop();
    bar.hidden = run.state !== "done";
    const again = press("back", w.retry, () => acts.retry());
    if (run.state !== "done") {
      tell(place, run.state === "cancelled" ? w.cancelled : w.failed, run.state === "failed" ? "bad" : "", ...(run.why ? [el("span", "said", {}, run.why)] : []));
      end.append(...(run.problems.length ? [problemTable(run.problems, words)] : []), el("div", "row", {}, again));
    } else if (run.activated) tell(place, w.serves(run.version ?? ""), "good");
    else refused(run);
    if (run.failed.length) end.append(lost(run), el("div", "row", {}, press("back", w.retryFailed(run.failed.length), () => acts.retry())));
    if (run.state === "done" && run.gold) end.append(el("h3", "", {}, words.checked.gold), ...gold(run.gold, page));
    acts.ended();
  }

  /** Built, and not serving: because nobody wanted it, or because something speaks against it. @param {Run} run */
  function refused(run) {
    const version = run.version ?? "";
    tell(place, run.why ? w.against(version) : w.built(version), run.why ? "bad" : "", ...(run.why ? [el("span", "said", {}, run.why)] : []));
    const serve = press("", run.why ? words.build.force : words.snapshots.activate, () => acts.activate(version, Boolean(run.why), place), run.why ? "danger" : "main");
    end.append(el("div", "row", {}, serve));
  }

  /** @param {Run} run */
  const lost = (run) => table(w.lost, [
    { label: w.entry, cell: (one) => el("code", "", {}, one.id), name: "first" },
    { label: w.why, cell: (one) => one.why },
  ], run.failed, { name: "bad" });

  const path = `/api/knowledge/runs/${encodeURIComponent(id)}`;
  const source = new EventSource(`${path}/events`);
  let timer = 0;
  const stop = () => {
    source.close();
    clearInterval(timer);
  };
  source.addEventListener("run", (event) => show(JSON.parse(event.data)));
  source.addEventListener("error", (event) => {
    if (event instanceof MessageEvent) tell(place, String(JSON.parse(event.data).message), "bad");
    // A worker that went away is asked again by the browser itself; only a refusal ends in CLOSED.
    if (source.readyState === EventSource.CLOSED && !over && !timer) timer = setInterval(look, ASK_EVERY_MS);
  });
  const look = () => page.ask("GET", path).then(show, (error) => void once(null, place, words, () => Promise.reject(error)));
  page.signal.addEventListener("abort", stop);
  return node;
}
