/** The desk's words: the same in both languages, none empty, each used, and named as the server names things. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import en from "../../web/words/staff.en.js";
import zh from "../../web/words/staff.zh.js";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const files = ["web/staff.js", ...readdirSync(new URL("../../web/staff/", import.meta.url)).filter((f) => f.endsWith(".js")).map((f) => `web/staff/${f}`)];
const leaves = (words, path = "") =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === "object" ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value]]);

test("both languages have the same words of the same kind, and none is empty", () => {
  const kinds = (words) => leaves(words).map(([key, value]) => `${key} ${typeof value} ${typeof value === "function" ? value.length : ""}`).sort();
  assert.deepEqual(kinds(zh), kinds(en));
  for (const [key, value] of [...leaves(en), ...leaves(zh)]) {
    const text = typeof value === "function" ? value(7, 8) : value;
    assert.match(text, typeof value === "function" ? /7/ : /\S/, key);
  }
});

test("every word is used by the page", () => {
  const source = files.map(read).join("\n");
  for (const key of Object.keys(en)) assert.match(source, new RegExp(`words\\.${key}\\b`), key);
});

test("reasons, events, moods and codes are those of the server", () => {
  const enumOf = (path, name) => [...read(path).split(`class ${name}(`)[1].split("\n\n\n")[0].matchAll(/= "(\w+)"/g)].map((m) => m[1]).sort();
  assert.deepEqual(Object.keys(en.reasons).sort(), enumOf("bot/conversation.py", "Reason"));
  assert.deepEqual(Object.keys(en.events).filter((e) => e !== "queue").sort(), enumOf("bot/conversation.py", "Event"));
  assert.deepEqual(Object.keys(en.moods).sort(), enumOf("bot/conversation.py", "Mood"));
  assert.deepEqual(Object.keys(en.stages).sort(), enumOf("bot/conversation.py", "Stage"));
  const codes = new Set([...read("bot/errors.py").matchAll(/code(?:: ClassVar\[str\])? = "(\w+)"/g)].map((m) => m[1]));
  const own = ["wrong", "canned", "gone", "no_suggestion", "bad_request", "offline"];
  assert.deepEqual(Object.keys(en.told).filter((code) => !codes.has(code) && !own.includes(code)), []);
});

test("nothing is loaded from elsewhere, and no markup or style is made from text", () => {
  for (const file of files) {
    const text = read(file);
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\("style"|cssText/, file);
    assert.doesNotMatch(text.replaceAll("http://www.w3.org/2000/svg", ""), /["'`]https?:\/\//, file);
  }
  assert.doesNotMatch(read("web/staff.html"), /<style|style=|<script(?![^>]*src=)| on\w+=/);
});
