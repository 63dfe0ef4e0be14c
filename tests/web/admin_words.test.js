/** The admin's words and files: both languages alike, all used, nothing from elsewhere, nothing but text. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import en from "../../web/words/admin.en.js";
import zh from "../../web/words/admin.zh.js";

const root = new URL("../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const FILES = ["web/admin.js", ...readdirSync(new URL("web/admin/", root)).filter((name) => name.endsWith(".js")).map((name) => `web/admin/${name}`)];
const leaves = (words, path = "") =>
  Object.entries(words).flatMap(([key, value]) => (typeof value === "object" ? leaves(value, `${path}${key}/`) : [[`${path}${key}`, value]]));

test("both languages have the same keys of the same kind", () => {
  const kinds = (words) => leaves(words).map(([key, value]) => `${key}: ${typeof value} ${typeof value === "function" ? value.length : ""}`).sort();
  assert.deepEqual(kinds(zh), kinds(en));
});

test("no word is empty, and functions take in what they are given", () => {
  for (const [key, value] of [...leaves(en), ...leaves(zh)]) {
    const text = typeof value === "function" ? value(7200, "Heron", "s-9") : value;
    assert.ok(text.trim(), key);
    if (typeof value === "function") assert.match(text, /7200|2|Heron/, key);
  }
  assert.deepEqual([en.entries.count(1), en.entries.count("1,204")], ["1 entry", "1,204 entries"]);
});

test("every word is used by the page", () => {
  const source = FILES.map(read).join("\n");
  const byName = ["kinds", "langs", "groups", "sections", "errors", "stages", "moods", "states", "counts", "of", "claims", "actions", "named", "outcomes", "roles", "days", "by", "done", "byDay"];
  for (const [path] of leaves(en)) {
    const keys = path.split("/");
    if (keys.slice(0, -1).some((key) => byName.includes(key))) continue;
    assert.match(source, new RegExp(`\\.${keys.at(-1)}\\b`), path);
  }
});

test("what the log may say has words in every language", () => {
  const said = ["bot/audit.py", "bot/approvals.py", "bot/watch.py", "bot/gold_questions.py"].flatMap((path) => [...read(path).matchAll(/"([a-z_]+\.[a-z_]+)"/g)].map((m) => m[1]));
  assert.ok(said.length > 20);
  for (const action of said) {
    assert.ok(action in en.log.actions, action);
    assert.ok(action.split(".")[0] in en.log.kinds, action);
  }
});

test("errors that have words are errors of the server", () => {
  const codes = [...read("bot/errors.py").matchAll(/code(?:: ClassVar\[str\])? = "(\w+)"/g)].map((m) => m[1]);
  const own = ["offline", "other", "bad_request"];
  assert.deepEqual(Object.keys(en.errors).filter((code) => !codes.includes(code) && !own.includes(code)), []);
});

test("the page writes no markup from text, has no inline style or script, and loads nothing from elsewhere", () => {
  for (const path of FILES) {
    assert.doesNotMatch(read(path), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\("style"/, path);
    assert.doesNotMatch(read(path).replaceAll("http://www.w3.org/2000/svg", ""), /["'`]https?:\/\//, path);
  }
  const html = read("web/admin.html");
  assert.doesNotMatch(html, /\sstyle=|\son\w+=|https?:\/\/|<script(?![^>]*\ssrc=)/);
});
