/** The page of transcripts: its address, what the server is asked, where words are marked; its words and files. */
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { pieces, wanted } from "../../web/transcripts/marks.js";
import { FORMATS, NAMES, address, asked, narrowed, read } from "../../web/transcripts/search.js";
import en from "../../web/words/transcripts.en.js";
import zh from "../../web/words/transcripts.zh.js";

const file = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const FILES = ["web/transcripts.js", ...readdirSync(new URL("../../web/transcripts/", import.meta.url)).map((name) => `web/transcripts/${name}`)];
const NONE = read(new URLSearchParams());
const hits = (text, q) => pieces(text, wanted(q)).filter((_, i) => i % 2);
const leaves = (words, path = "") =>
  Object.entries(words).flatMap(([key, value]) => (typeof value === "object" ? leaves(value, `${path}${key}/`) : [[`${path}${key}`, value]]));

test("an address brings back the search that it was made of", () => {
  const search = { ...NONE, q: "tent & 帐篷", from: "2026-11-01", rating: "-1", spoken: "zh", product: "ridgeline-2-tent" };
  const made = new URL(address(search, "cn-1"), "http://localhost");
  assert.deepEqual(read(made.searchParams), search);
  assert.equal(made.searchParams.get("open"), "cn-1");
  assert.equal(made.searchParams.has("lang"), false, "lang is the page's own");
  assert.equal(address(NONE, ""), "/transcripts");
});

test("days are asked for as clocks here show them, from the first moment to the last", () => {
  const sent = new URLSearchParams(asked({ ...NONE, from: "2026-11-22", to: "2026-11-22" }));
  const [from, to] = [new Date(sent.get("from")), new Date(sent.get("to"))];
  assert.equal(from.getTime(), new Date(2026, 10, 22).getTime());
  assert.equal(to.getTime(), new Date(2026, 10, 23).getTime() - 1);
});

test("the server is asked by its own names, for what is set", () => {
  assert.equal(asked(NONE, { limit: "25", after: "" }), "limit=25");
  assert.equal(asked({ ...NONE, spoken: "zh", rating: "0" }), "rating=0&lang=zh");
  assert.equal(asked({ ...NONE, product: "Ridgeline 2 Tent" }), "product=ridgeline-2-tent");
  assert.equal(asked({ ...NONE, product: "odd_handle" }), "product=odd_handle");
  assert.equal(narrowed({ ...NONE, q: "tent", phase: "bot" }), 1);
  const named = [...file("bot/routes/archive.py").split("class Narrowed")[1].split("def search")[0].matchAll(/^ {4}(\w+): .*?(?:alias="(\w+)".*)?$/gm)].map((m) => m[2] ?? m[1]);
  assert.deepEqual(NAMES.map((name) => (name === "spoken" ? "lang" : name)).sort(), named.sort());
  const formats = [...file("bot/export_formats.py").split("class Format(")[1].split("@property")[0].matchAll(/= "(.+)"/g)].map((m) => m[1]);
  assert.deepEqual([...FORMATS], formats);
});

test("words are marked in every form, Chinese within a run, others not", () => {
  assert.deepEqual(hits("Shipping to Canada: we ship on business days. Relationships!", "ships CANADA business"), ["Shipping", "Canada", "ship", "business"]);
  assert.deepEqual(hits("请问加拿大的运费是多少？", "运费"), ["运费"]);
  assert.deepEqual(hits("Two tents, 帐篷 and a帐篷b", "tent 帐篷"), ["tents", "帐篷", "帐篷"]);
  assert.deepEqual(hits("the tent is the best", "the"), []);
  assert.deepEqual(hits("anything", ""), []);
  assert.deepEqual(hits("<b>mark</b> $12.95", "<b> 12.95"), ["b", "b", "12", "95"]);
});

test("marking loses and adds nothing, whatever the text", () => {
  const ALPHABET = [..."ab s运费帐篷 .<&é🏕️ships"];
  let seed = 7;
  const next = (n) => (seed = (seed * 1103515245 + 12345) % 2147483648) % n;
  const some = (length) => Array.from({ length }, () => ALPHABET[next(ALPHABET.length)]).join("");
  for (let i = 0; i < 2000; i += 1) {
    const text = some(next(40));
    assert.equal(pieces(text, wanted(some(next(8)))).join(""), text);
  }
});

test("both languages have the same words, none is empty, and each is used", () => {
  const kinds = (words) => leaves(words).map(([key, value]) => `${key} ${typeof value} ${typeof value === "function" ? value.length : ""}`).sort();
  assert.deepEqual(kinds(zh), kinds(en));
  for (const [key, value] of [...leaves(en), ...leaves(zh)]) assert.match(typeof value === "function" ? value(7) : value, typeof value === "function" ? /7/ : /\S/, key);
  const source = FILES.map(file).join("\n");
  for (const key of Object.keys(en).filter((one) => one !== "errors")) assert.match(source, new RegExp(`words\\.${key}\\b|words.*\\b${key}\\b`), key);
  assert.deepEqual(Object.keys(en.fields).sort(), [...NAMES].sort());
  const codes = [...file("bot/errors.py").matchAll(/code(?:: ClassVar\[str\])? = "(\w+)"/g)].map((m) => m[1]);
  assert.deepEqual(Object.keys(en.errors).filter((code) => !codes.includes(code) && !["offline", "other", "bad_request"].includes(code)), []);
});

test("nothing is loaded from elsewhere, and no markup or style is made from text", () => {
  for (const path of FILES) {
    assert.doesNotMatch(file(path), /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\("style"|cssText|["'`]https?:\/\//, path);
  }
  assert.doesNotMatch(file("web/transcripts.html"), /<style|style=|<script(?![^>]*src=)| on\w+=/);
});
