/**
 * Charts as SVG, drawn in real pixels so that text stays readable, each with a title, a description, and its table.
 * Colours come from classes; there is no inline style. What the numbers mean is not known here.
 */
import { el } from "../parts.js";
import { bars, level, stacked, ticks, written } from "./shapes.js";

const SVG = "http://www.w3.org/2000/svg";
let made = 0;

/** @param {string} tag @param {Record<string, string | number>} attributes @param {(Node | string)[]} inside */
export function shape(tag, attributes, ...inside) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...inside);
  return node;
}

/** @param {string} title @param {string} text @param {Record<string, string | number>} more @param {Node[]} inside */
function drawing(title, text, more, ...inside) {
  const id = `chart-${(made += 1)}`;
  return shape("svg", { role: "img", "aria-labelledby": id, "aria-describedby": `${id}-d`, ...more },
    shape("title", { id }, title), shape("desc", { id: `${id}-d` }, text), ...inside);
}

/** Draws now and whenever the width changes, until `signal`.
 * @param {HTMLElement} node @param {AbortSignal} signal @param {(width: number) => Node} draw */
function fitted(node, signal, draw) {
  let width = 0;
  const watch = new ResizeObserver(() => {
    const now = Math.floor(node.clientWidth);
    if (!now || now === width) return;
    width = now;
    node.replaceChildren(draw(width));
  });
  watch.observe(node);
  signal.addEventListener("abort", () => watch.disconnect());
  return node;
}

/**
 * @param {{title: string, about: string, points: {name: string, label: string, value: number, said: string}[], format: (n: number) => string}} chart
 * @param {AbortSignal} signal
 */
export function barChart(chart, signal) {
  const [height, left, top, bottom] = [150, 38, 8, 22];
  const values = chart.points.map((point) => point.value);
  const marks = ticks(Math.max(0, ...values));
  const most = marks[marks.length - 1];
  return fitted(el("div", "chart"), signal, (width) => {
    const box = { width: width - left, height };
    const lines = marks.map((mark) => {
      const y = top + height - (mark / most) * height;
      return shape("g", {}, shape("line", { class: "grid", x1: left, x2: width, y1: y, y2: y }),
        shape("text", { class: "axis", x: left - 7, y: y + 4, "text-anchor": "end" }, chart.format(mark)));
    });
    const columns = bars(values, most, box).map((bar, i) =>
      shape("g", { class: "hover" },
        shape("title", {}, chart.points[i].said),
        shape("rect", { class: "reach", x: left + (i * box.width) / values.length, y: top, width: box.width / values.length, height }),
        shape("rect", { class: "bar", x: left + bar.x, y: top + bar.y, width: bar.width, height: bar.height, rx: Math.min(3, bar.width / 3) })));
    const room = box.width / Math.max(1, values.length);
    const labels = written(values.length, box.width, 58).map((i) =>
      shape("text", { class: "axis", x: Math.min(left + (i + 0.5) * room, width - 14), y: top + height + 17, "text-anchor": "middle" }, chart.points[i].label));
    return drawing(chart.title, chart.about, { width, height: height + top + bottom }, ...lines, ...columns, ...labels);
  });
}

/**
 * Days of the week by hours of the day.
 *
 * @param {{title: string, about: string, rows: {name: string, values: number[]}[], hour: (hour: number) => string, said: (row: string, hour: number, value: number) => string}} chart
 * @param {AbortSignal} signal
 */
export function heatMap(chart, signal) {
  const [left, tall, gap, top] = [44, 20, 3, 4];
  const most = Math.max(0, ...chart.rows.flatMap((row) => row.values));
  return fitted(el("div", "chart"), signal, (width) => {
    const room = (width - left) / 24;
    const cells = chart.rows.flatMap((row, y) => [
      shape("text", { class: "axis", x: left - 9, y: top + y * (tall + gap) + 15, "text-anchor": "end" }, row.name),
      ...row.values.map((value, x) =>
        shape("rect", { class: `heat h${level(value, most)}`, x: left + x * room, y: top + y * (tall + gap), width: Math.max(1, room - gap), height: tall, rx: Math.min(4, room / 4) },
          shape("title", {}, chart.said(row.name, x, value)))),
    ]);
    const bottom = top + chart.rows.length * (tall + gap);
    const labels = [0, 6, 12, 18].map((x) => shape("text", { class: "axis", x: left + x * room, y: bottom + 15 }, chart.hour(x)));
    return drawing(chart.title, chart.about, { width, height: bottom + 22 }, ...cells, ...labels);
  });
}

/** A bar for a share from 0 to 1; the number stands beside it, so it is not read out. @param {number} share @param {string} [name] */
export function meter(share, name = "") {
  const filled = Math.max(0, Math.min(1, share)) * 100;
  return shape("svg", { class: `meter ${name}`.trim(), "aria-hidden": "true" },
    shape("rect", { class: "track", width: "100%", height: "100%", rx: 3 }),
    shape("rect", { class: "fill", width: `${filled}%`, height: "100%", rx: 3 }));
}

/**
 * Parts of a whole in one bar, with a legend that says each.
 *
 * @param {string} title @param {{name: string, value: number, said: string, kind?: string}[]} parts `kind`: a class of its own
 */
export function stackBar(title, parts) {
  const colour = new Map(parts.map((part, i) => [part.name, part.kind ?? `c${i % 7}`]));
  const pieces = stacked(parts).map((part) =>
    shape("rect", { class: `piece ${colour.get(part.name)}`, x: `${part.from}%`, y: 0, width: `${part.share}%`, height: "100%" },
      shape("title", {}, `${part.name}: ${part.said}`)));
  const about = parts.map((part) => `${part.name}: ${part.said}`).join("; ");
  const legend = parts.map((part) =>
    el("li", "", {}, swatch(colour.get(part.name) ?? ""), el("span", "", {}, part.name), el("strong", "", {}, part.said)));
  return el("div", "stacked", {}, drawing(title, about, { class: "stack-bar" }, ...pieces), el("ul", "legend", {}, ...legend));
}

/** @param {string} colour */
const swatch = (colour) =>
  shape("svg", { class: "swatch", viewBox: "0 0 10 10", "aria-hidden": "true" }, shape("rect", { class: `piece ${colour}`, width: 10, height: 10, rx: 3 }));

/** A chart with its name, and the same numbers as a table behind it.
 * @param {{title: string, about?: string, picture: Node, table: Node, csv?: Node | null, show: string}} parts */
export const figure = ({ title, about, picture, table, csv, show }) =>
  el("figure", "card figure-card", {},
    el("figcaption", "", {}, el("h3", "", {}, title), ...(about ? [el("p", "muted small", {}, about)] : [])),
    picture,
    el("details", "", {}, el("summary", "", {}, show), table, ...(csv ? [csv] : [])));
