/** What the widget costs a page. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";

const WEB = new URL("../../web/", import.meta.url);
const BUDGET_BYTES = 20_000;

/** Every file that loading `name` makes a browser load, found from the imports themselves. */
function loaded(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  const text = readFileSync(new URL(name, WEB), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  for (const [, path] of text.matchAll(/^import .*?"\.\/([^"]+)"/gm)) loaded(path, found);
  return found;
}

for (const lang of ["en", "zh"]) {
  test(`all that a page loads (${lang}), each file gzipped by itself, stays under 20 kB`, (t) => {
    const files = [...loaded("chat.js"), "chat.css", `words/${lang}.js`];
    assert.deepEqual(["element.js", "socket.js", "thread.js", "view.js"].filter((f) => !files.includes(f)), []);
    const sizes = files.map((f) => [f, gzipSync(readFileSync(new URL(f, WEB)), { level: 9 }).length]);
    const total = sizes.reduce((sum, [, size]) => sum + size, 0);
    t.diagnostic(`${total} bytes: ${sizes.map((s) => s.join(" ")).join(", ")}`);
    assert.ok(total <= BUDGET_BYTES, `got ${total} bytes, wanted at most ${BUDGET_BYTES}`);
  });
}

test("the widget loads nothing from elsewhere and writes no markup from text", () => {
  for (const file of loaded("chat.js")) {
    const text = readFileSync(new URL(file, WEB), "utf8");
    assert.doesNotMatch(text, /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\("style"/, file);
    assert.doesNotMatch(text.replaceAll("http://www.w3.org/2000/svg", ""), /["'`]https?:\/\//, file);
  }
});
