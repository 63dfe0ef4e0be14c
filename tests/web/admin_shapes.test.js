/** The geometry of charts, and the figures as charts need them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { busiest, listed, OUTCOMES, week } from "../../web/admin/figures.js";
import { bars, level, stacked, ticks, written } from "../../web/admin/shapes.js";
import { chance } from "./chance.js";

test("marks begin at nothing, rise evenly by round whole steps, and reach over the largest value", () => {
  for (let most = 1; most < 5000; most = Math.ceil(most * 1.13)) {
    const marks = ticks(most);
    assert.equal(marks[0], 0);
    assert.ok(marks.at(-1) >= most, `${most}: ${marks}`);
    assert.ok(marks.at(-2) < most, `${most}: ${marks} has one too many`);
    assert.ok(marks.length <= 6, `${most}: ${marks}`);
    assert.ok(marks.every(Number.isInteger), `${most}: ${marks}`);
  }
  assert.deepEqual(ticks(0), [0, 1]);
  assert.deepEqual(ticks(Number.NaN), [0, 1]);
});

test("bars stay in their box, side by side, as high as their values, and never too small to be seen", () => {
  const { next } = chance(7);
  for (let turn = 0; turn < 50; turn += 1) {
    const values = Array.from({ length: 1 + Math.floor(next() * 90) }, () => Math.floor(next() * 100));
    const most = Math.max(1, ...values);
    const found = bars(values, most, { width: 300, height: 100 });
    found.forEach((bar, i) => {
      assert.ok(bar.x >= 0 && bar.x + bar.width <= 301 && bar.y >= 0 && Math.abs(bar.y + bar.height - 100) < 1e-9);
      assert.ok(values[i] ? bar.height >= 2 : bar.height === 0);
      if (i) assert.ok(bar.x >= found[i - 1].x + found[i - 1].width - 1e-9);
    });
    const highest = values.indexOf(most);
    if (highest >= 0) assert.equal(found[highest].height, 100);
  }
  assert.deepEqual(bars([], 1, { width: 10, height: 10 }), []);
});

test("parts of a whole fill it without gaps; what is nothing has no part", () => {
  const parts = stacked([{ value: 3 }, { value: 0 }, { value: 1 }, { value: -2 }]);
  assert.deepEqual(parts.map(({ from, share }) => [from, share]), [[0, 75], [75, 25]]);
  assert.deepEqual(stacked([{ value: 0 }]), []);
});

test("a heat map tells nothing from little, and the most is the darkest", () => {
  assert.deepEqual([0, 1, 500, 1000].map((value) => level(value, 1000)), [0, 1, 3, 5]);
  assert.equal(level(0, 0), 0);
});

test("labels that would touch are left out, and the last is always written", () => {
  assert.deepEqual(written(4, 400, 50), [0, 1, 2, 3]);
  assert.deepEqual(written(9, 200, 50), [2, 5, 8]);
  assert.deepEqual(written(0, 100, 50), []);
});

test("hours become seven rows of a day, Monday first, and the busiest is found", () => {
  const rows = week([{ weekday: 1, hour: 0, messages: 2 }, { weekday: 7, hour: 23, messages: 9 }]);
  assert.deepEqual([rows.length, rows[0].length, rows[0][0], rows[6][23]], [7, 24, 2, 9]);
  assert.deepEqual(busiest(rows), { weekday: 6, hour: 23, count: 9 });
  assert.equal(busiest(week([])), null);
});

test("rows are named by title, else by name, else by what they are", () => {
  const found = listed([{ passage: "p", title: "T", count: 3 }, { product: "h", name: "", choice: "Orange", count: 1 }, { passage: "q", title: "" }]);
  assert.deepEqual(found.map((row) => [row.name, row.id, row.count, row.note]), [["T", "p", 3, ""], ["h", "h", 1, "Orange"], ["q", "q", 0, ""]]);
});

test("every outcome that the server tells is shown, apart", async () => {
  const { readFileSync } = await import("node:fs");
  const source = readFileSync(new URL("../../bot/outcomes.py", import.meta.url), "utf8").split("class Outcome(")[1].split("\n\n\n")[0];
  assert.deepEqual([...source.matchAll(/= "(\w+)"/g)].map((m) => m[1]).sort(), [...OUTCOMES].sort());
});
