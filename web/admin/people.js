/**
 * Accounts: who may sign in, as what; add, disable, enable again, give a new password.
 *
 * @typedef {import("./types").Page} Page
 * @typedef {{name: string, role: "staff" | "admin", created_at: string, signed_in_at: string | null, disabled_at: string | null}} Account
 */
import { el } from "../parts.js";
import { small } from "./entries.js";
import { moment } from "./format.js";
import { choice, dialog, field, head, line, once, press, sure, table, tag } from "./ui.js";

/** @param {Page} page */
export async function people(page) {
  const { root, words, lang } = page;
  const w = words.people;
  const place = line();
  const list = el("div");

  async function load() {
    const { items } = await page.ask("GET", "/api/accounts");
    list.replaceChildren(table(w.title, [
      { label: w.name, cell: (/** @type {Account} */ one) => el("span", "", {}, el("strong", "", {}, one.name), one.name === page.who.name ? el("span", "muted", {}, ` · ${w.you}`) : ""), name: "first" },
      { label: w.role, cell: (one) => w.roles[one.role] },
      { label: w.created, cell: (one) => moment(one.created_at, lang) },
      { label: w.last, cell: (one) => moment(one.signed_in_at, lang) || w.never },
      { label: w.state, cell: (one) => (one.disabled_at ? tag("off", w.disabled) : tag("good", w.enabled)) },
      { label: words.acts, name: "acts", cell: acts },
    ], items, { row: (one) => (one.disabled_at ? "hidden-row" : "") }));
  }

  /** @param {Account} one */
  function acts(one) {
    if (one.name === page.who.name) return "";
    const path = `/api/accounts/${encodeURIComponent(one.name)}`;
    return one.disabled_at
      ? small("back", w.enable, one.name, (pressed) => turn(pressed, `${path}/enable`, w.enabledNow(one.name)))
      : small("hide", w.disable, one.name, async (pressed) => {
          if (await sure(w.sure(one.name), w.disable, words)) await turn(pressed, `${path}/disable`, w.disabledNow(one.name));
        });
  }

  /** @param {HTMLButtonElement} pressed @param {string} path @param {string} said */
  const turn = (pressed, path, said) => once(pressed, place, words, async () => {
    await page.ask("POST", path);
    page.say(said);
    await load();
  });

  function add() {
    const said = line();
    const name = el("input", "", { autocomplete: "off", autocapitalize: "none", spellcheck: false, maxLength: 64, required: true });
    const word = el("input", "", { type: "password", autocomplete: "new-password", maxLength: 256, required: true });
    const role = choice([["staff", w.roles.staff], ["admin", w.roles.admin]], "staff");
    const keep = press("", w.add, () => {}, "main");
    keep.type = "submit";
    const form = el("form", "stack", { noValidate: true }, field(w.name, name), field(w.password, word, w.passwordHelp), field(w.role, role), said,
      el("div", "row end", {}, press("", words.cancel, () => box.close()), keep));
    form.onsubmit = (event) => {
      event.preventDefault();
      void once(keep, said, words, async () => {
        await page.ask("POST", "/api/accounts", { name: name.value.trim(), password: word.value, role: role.value });
        box.close();
        page.say(w.added(name.value.trim()));
        await load();
      });
    };
    const box = dialog(w.add, words, form);
  }

  root.append(head(w.title, w.about, press("plus", w.add, add, "main")), place, list);
  await once(null, place, words, load);
}
