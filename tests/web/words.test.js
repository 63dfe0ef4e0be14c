/** The widget's words: the same in every language, none missing, none left over. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import en from "../../web/words/en.js";
import zh from "../../web/words/zh.js";

const read = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const leaves = (words, path = "") =>
  Object.entries(words).flatMap(([key, value]) =>
    typeof value === "object" ? leaves(value, `${path}${key}.`) : [[`${path}${key}`, value]]);

test("both languages have the same keys of the same kind", () => {
  const kinds = (words) => leaves(words).map(([key, value]) => `${key}: ${typeof value} ${value.length && typeof value === "function" ? value.length : ""}`).sort();
  assert.deepEqual(kinds(zh), kinds(en));
});

test("no word is empty, and functions take in what they are given", () => {
  for (const [key, value] of [...leaves(en), ...leaves(zh)]) {
    const text = typeof value === "function" ? value(7, "Heron") : value;
    assert.ok(text.trim(), key);
    if (typeof value === "function" && key !== "stock") assert.match(text, /7|Heron/, key);
  }
  assert.deepEqual([0, 3, 6].map(en.stock), ["Sold out", "Only 3 left", "In stock"]);
  assert.deepEqual([0, 3, 6].map(zh.stock), ["已售罄", "仅剩 3 件", "有货"]);
});

test("every word is used by the widget", () => {
  const source = ["element", "view", "parts"].map((name) => read(`web/${name}.js`)).join("\n");
  for (const key of Object.keys(en)) {
    const used = new RegExp(`words\\.${key}\\b|\\{[^}\\n]*\\b${key}\\b[^}\\n]*\\} = (this\\.)?words`);
    assert.match(source, used, key);
  }
});

test("words for wire codes, events, phases and authors name things that the server says", () => {
  const errors = [...read("bot/errors.py").matchAll(/code(?:: ClassVar\[str\])? = "(\w+)"/g)].map((m) => m[1]);
  const enumOf = (name) => [...read("bot/conversation.py").split(`class ${name}(`)[1].split("\n\n\n")[0].matchAll(/= "(\w+)"/g)].map((m) => m[1]);
  assert.deepEqual(Object.keys(en.errors).filter((code) => !errors.includes(code)), []);
  assert.deepEqual(Object.keys(en.events).sort(), enumOf("Event").sort());
  assert.deepEqual(Object.keys(en.by).sort(), enumOf("Author").sort());
  assert.deepEqual(enumOf("Phase").filter((phase) => !(phase in en.line)), []);
});
