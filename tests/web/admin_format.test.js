/** Values as people read them, and what people write as values. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as format from "../../web/admin/format.js";

test("a price is an amount with at most four decimals; empty takes it back; all else is refused", () => {
  assert.deepEqual(["149", " 149.00 ", "0.0001"].map(format.price), ["149", "149.00", "0.0001"]);
  assert.equal(format.price("  "), null);
  for (const bad of ["-1", "1,99", "1e3", "$5", "1.23456", "NaN", "1234567890"]) assert.equal(format.price(bad), undefined, bad);
});

test("stock is a whole number below a million; empty takes it back; all else is refused", () => {
  assert.deepEqual(["0", " 12 "].map(format.stock), [0, 12]);
  assert.equal(format.stock(""), null);
  for (const bad of ["-1", "1.5", "many", "1000000"]) assert.equal(format.stock(bad), undefined, bad);
});

test("a title becomes a name without spaces or colons, in any script", () => {
  assert.equal(format.slug("  How long: to return it? "), "how-long-to-return-it");
  assert.equal(format.slug("退货期限是多久？"), "退货期限是多久");
  assert.equal(format.slug("?!"), "");
  assert.ok(format.slug("long ".repeat(40)).length <= 60);
  assert.doesNotMatch(format.slug("long ".repeat(40)), /-$/);
});

test("only parameters that are set go into an address, with what they hold escaped", () => {
  assert.equal(format.query({ q: "", lang: null, after: undefined }), "");
  assert.equal(format.query({ q: "a b&c", limit: 0 }), "?q=a+b%26c&limit=0");
});

test("times are as long as they need to be", () => {
  assert.deepEqual([0.42, 12.6, 999, 1320, 41_000].map(format.milliseconds), ["0.4 ms", "13 ms", "999 ms", "1.32 s", "41 s"]);
  assert.deepEqual([-1, 0.2, 61, 3700].map(format.seconds), ["0 s", "1 s", "1 min 1 s", "1 h 1 min"]);
});

test("a share of nothing is told as such, and small ones keep a decimal", () => {
  assert.equal(format.percent(1, 0, "en"), "–");
  assert.equal(format.percent(0, 9, "en"), "0%");
  assert.equal(format.percent(1, 3, "en"), "33%");
  assert.equal(format.percent(7, 300, "en"), "2.3%");
});

test("days are counted on the calendar, over months, years and leap days", () => {
  assert.equal(format.daysBefore("2026-03-01", 1), "2026-02-28");
  assert.equal(format.daysBefore("2028-03-01", 1), "2028-02-29");
  assert.equal(format.daysBefore("2026-12-31", -1), "2027-01-01");
  assert.equal(format.localDay(new Date(2026, 0, 5, 23, 59)), "2026-01-05");
});

test("moments that are none are empty, and Monday is the first day", () => {
  assert.deepEqual([null, undefined, "", "no day"].map((one) => format.moment(one, "en")), ["", "", "", ""]);
  assert.equal(format.weekdayName(0, "en", "long"), "Monday");
  assert.match(format.weekdayName(6, "zh"), /日/);
  assert.equal(format.day("2026-11-22", "en"), "22 Nov");
});

test("lines that say nothing are left out", () => {
  assert.deepEqual(format.lines(" a \r\n\n  \nb"), ["a", "b"]);
});
