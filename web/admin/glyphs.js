/** Line drawings on a 24 by 24 grid: what is beside a word says the same, so none is read out. */

const SVG = "http://www.w3.org/2000/svg";
const GLYPHS = {
  book: "M5 4.5h9.5A3.5 3.5 0 0 1 18 8v12H8.5A3.5 3.5 0 0 1 5 16.5zM5 16.5A3.5 3.5 0 0 1 8.5 13H18M9 8h5",
  file: "M6 3.5h7.5L18.5 8.5v12H6zM13.5 3.5v5h5M9 13h6.5M9 16.5h4",
  hammer: "M4 20l8.5-8.5M10 6.5L13.5 3l7 7-3.5 3.5zM13.5 10l-2.5 2.5",
  tag: "M3.5 12.5v-9h9l8 8-9 9zM8 8h.01",
  flask: "M9 3.5h6M10 3.5v6L4.5 19a1 1 0 0 0 .9 1.5h13.2a1 1 0 0 0 .9-1.5L14 9.5v-6M7.5 15h9",
  bulb: "M9.5 20.5h5M9 17h6c0-2.5 3-3.6 3-7.5a6 6 0 0 0-12 0c0 3.9 3 5 3 7.5z",
  chart: "M4 4v16h16M8 16v-4M12 16V8M16 16v-6M20 16V6",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.9 3-6 6.5-6s6.1 2.1 6.5 6M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.3c2 .8 3.2 2.7 3.5 5.7",
  shield: "M12 3l7.5 2.8v5.7c0 4.5-3 7.8-7.5 9.5-4.5-1.7-7.5-5-7.5-9.5V5.8zM8.8 12l2.3 2.3 4.2-4.5",
  log: "M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.01M4 12h.01M4 18h.01",
  up: "M12 16V5M7 9.5L12 4.5l5 5M4.5 16.5v3h15v-3",
  plus: "M12 5v14M5 12h14",
  pen: "M4 20l1-4.5L16.5 4 20 7.5 8.5 19zM14 6.5l3.5 3.5",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z",
  hide: "M4 4l16 16M9.5 5.8A9 9 0 0 1 12 5.5c6 0 9.5 6.5 9.5 6.5a16 16 0 0 1-3 3.7M6.5 7.5A15 15 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.5-1.2",
  back: "M4.5 8.5h10a5 5 0 0 1 0 10H8M8.5 4.5l-4 4 4 4",
  check: "M4.5 12.5l5 5 10-11",
  warn: "M12 4L2.8 19.5h18.4zM12 10v4.5M12 17h.01",
  close: "M6 6l12 12M18 6L6 18",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L20.5 20.5",
  down: "M12 4.5V16M7 11.5l5 5 5-5M4.5 19.5h15",
  bin: "M5 6.5h14M9.5 6.5V4h5v2.5M6.5 6.5l1 14h9l1-14M10.5 10.5v6M13.5 10.5v6",
  star: "M12 3.5l2.6 5.4 5.9.8-4.3 4.1 1 5.9-5.2-2.8-5.2 2.8 1-5.9L3.5 9.7l5.9-.8z",
  chat: "M4 5h16v11.5h-9L6.5 20v-3.5H4z",
};

/** @typedef {keyof typeof GLYPHS} Glyph */

/** @param {Glyph} name @param {string} [more] class names */
export function glyph(name, more = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `glyph ${more}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", GLYPHS[name]);
  svg.append(path);
  return svg;
}
