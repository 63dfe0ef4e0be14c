/** The sign-in page's words: the same in both languages, none empty, each used by the page. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import en from "../../web/words/signin.en.js";
import zh from "../../web/words/signin.zh.js";

const leaves = (words, path = "") =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === "object" ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value]]);

test("both languages have the same words, and none is empty", () => {
  const kinds = (words) => leaves(words).map(([key, value]) => `${key} ${typeof value} ${typeof value === "function" ? value.length : ""}`).sort();
  assert.deepEqual(kinds(zh), kinds(en));
  for (const [key, value] of [...leaves(en), ...leaves(zh)]) {
    assert.match(typeof value === "function" ? value(7) : value, typeof value === "function" ? /7/ : /\S/, key);
  }
});

test("every word is used, and problems are named as the server names them", () => {
  const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  const page = read("web/signin.js") + read("web/signin.html");
  for (const key of Object.keys(en)) assert.match(page, new RegExp(`words\\.${key}\\b|data-word="${key}"`), key);
  const codes = new Set([...read("bot/errors.py").matchAll(/code(?:: ClassVar\[str\])? = "(\w+)"/g)].map((m) => m[1]));
  for (const key of Object.keys(en.problems)) {
    assert.ok(codes.has(key) || new RegExp(`problems\\.${key}\\b|"${key}"`).test(page + read("web/session.js")), key);
  }
});

test("the page has no inline script or style", () => {
  const page = readFileSync(new URL("../../web/signin.html", import.meta.url), "utf8");
  assert.doesNotMatch(page, /<style|style=|\son\w+=|<script(?![^>]*src=)/);
});
