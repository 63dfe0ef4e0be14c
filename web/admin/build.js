/**
 * Check and build: what a build would do, a build as it goes, and beside it the snapshots (`snapshots.js`).
 *
 * @typedef {import("./types").Page} Page
 * @typedef {import("./types").Run} Run
 */
import { el } from "../parts.js";
import { checked } from "./checked.js";
import { progress } from "./progress.js";
import { standing } from "./snapshots.js";
import { card, head, line, once, press, sure, tell, tick, trouble } from "./ui.js";

/** @param {Page} page */
export async function build(page) {
  const { root, words } = page;
  const w = words.build;
  const place = line();
  const found = el("div", "stack", { "aria-live": "polite" });
  const going = el("div", "stack");
  const activate = tick(w.activate, true);
  const skip = tick(w.skipBad, false);
  const checkButton = press("check", w.check, () => check());
  const buildButton = press("hammer", w.build, () => start(), "main");
  const around = standing(page, { activate: serve });
  let watched = "";

  const check = () => once(checkButton, place, words, async () => {
    tell(place, w.checking);
    const result = await page.ask("POST", "/api/knowledge/check");
    place.replaceChildren();
    found.replaceChildren(checked(result, page));
  });

  const start = () => once(buildButton, place, words, async () => {
    const options = { activate: activate.input.checked, force: false, skip_bad: skip.input.checked };
    try {
      const { run } = await page.ask("POST", "/api/knowledge/build", options);
      found.replaceChildren();
      follow(run);
    } catch (error) {
      await running();
      throw error;
    }
  });

  /** Somebody's build that goes on: mine from before, or another admin's. */
  async function running() {
    const { items } = await page.ask("GET", "/api/knowledge/runs");
    const latest = /** @type {Run | undefined} */ (items[0]);
    if (latest && ["queued", "running"].includes(latest.state)) follow(latest.id);
  }

  /** @param {string} id */
  function follow(id) {
    if (watched === id) return;
    watched = id;
    const panel = progress(page, id, {
      ended: () => {
        watched = "";
        void around.load();
      },
      retry: () => once(null, place, words, async () => follow((await page.ask("POST", `/api/knowledge/runs/${id}/retry`)).run)),
      activate: serve,
    });
    going.replaceChildren(panel);
  }

  /** Have a snapshot serve; what speaks against it is told first. @param {string} version @param {boolean} [force] @param {HTMLElement} [where] */
  async function serve(version, force = false, where = place) {
    try {
      await page.ask("POST", `/api/knowledge/snapshots/${encodeURIComponent(version)}/activate`, { force });
      page.say(words.snapshots.activated(version));
      await around.load();
    } catch (error) {
      if (/** @type {any} */ (error)?.code !== "needs_force") return trouble(where, error, words);
      const text = `${/** @type {Error} */ (error).message}. ${w.sureForce}`;
      if (await sure(text, w.force, words)) await serve(version, true, where);
    }
  }

  root.append(head(w.title, w.about),
    el("div", "columns", {},
      el("div", "stack", {},
        card(w.now, el("p", "muted", {}, w.nowAbout),
          el("div", "stack tight", {}, activate.node, skip.node),
          el("div", "row", {}, checkButton, buildButton), place),
        going, found),
      around.node));
  await once(null, place, words, async () => {
    await Promise.all([around.load(), running()]);
  });
  around.begin();
}
