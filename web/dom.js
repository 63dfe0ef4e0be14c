/** Building blocks for the page: elements, icons, safe links. Whatever comes from outside goes in as text, never as markup. */

const SVG = "http://www.w3.org/2000/svg";
/** Line drawings on a 24 grid. */
const ICONS = {
  chat: "M12 4c-5 0-9 3.2-9 7.2 0 2.3 1.3 4.3 3.4 5.6L5.6 20.5l4-2.2c.8.1 1.6.2 2.4.2 5 0 9-3.2 9-7.2S17 4 12 4z",
  close: "M6 6l12 12M18 6L6 18",
  down: "M6 9.5l6 6 6-6",
  send: "M12 19V5M5.5 11.5L12 5l6.5 6.5",
  stop: "M7.5 7.5h9v9h-9z",
  up: "M7 21V10.5L11.5 3c1.5 0 2.5 1 2.2 2.7L13 9h5.5a1.8 1.8 0 0 1 1.8 2.2l-1.7 8a2.2 2.2 0 0 1-2.1 1.8zM3.5 10.5V21",
  out: "M9 5H5v14h14v-4M13.5 4.5h6v6M19 5l-8.5 8.5",
};

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {string} [name] class @param {Record<string, any>} [more] properties; `aria-…`, `role`, `for`: attributes
 * @param {(Node | string)[]} inside
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, name = "", more = {}, ...inside) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  for (const [key, value] of Object.entries(more)) {
    if (/^(aria-|role$|for$)/.test(key)) node.setAttribute(key, value);
    else /** @type {any} */ (node)[key] = value;
  }
  node.append(...inside);
  return node;
}

/** @param {keyof typeof ICONS} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  svg.firstElementChild?.setAttribute("d", ICONS[name]);
  return svg;
}

/** @param {string} name @param {Record<string, any>} more @param {(Node | string)[]} inside */
export const button = (name, more, ...inside) => el("button", name, { type: "button", ...more }, ...inside);

/** An address that may be followed, or "": only http(s), so that no stored text becomes a script. @param {string} url */
export function safe(url) {
  try {
    const full = new URL(url, document.baseURI);
    return url && /^https?:$/.test(full.protocol) ? full.href : "";
  } catch {
    return "";
  }
}

/** Where a link opens: the shop's own pages here (the chat goes on there), others in a new tab. @param {string} href */
export const toward = (href) =>
  new URL(href).origin === location.origin ? { href } : { href, target: "_blank", rel: "noopener noreferrer" };

/** Sets the text only if it changed, so that live regions stay quiet. @param {Node} node @param {string} text */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
