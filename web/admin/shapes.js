/** The geometry of charts: numbers in, numbers out. Pure. */

/** Round marks from 0 to at least `most`, about `wanted` of them. @param {number} most @param {number} [wanted] */
export function ticks(most, wanted = 3) {
  if (!(most > 0)) return [0, 1];
  const raw = Math.max(most / wanted, most < wanted ? 1 : 0);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((n) => n * power).find((n) => n >= raw * 0.999 && (n >= 1 ? Number.isInteger(n) : true)) ?? 10 * power;
  return Array.from({ length: Math.ceil(most / step - 1e-9) + 1 }, (_, i) => i * step);
}

/**
 * Bars beside one another in a box of `width` by `height`; what is not nothing is never too small to be seen.
 *
 * @param {number[]} values @param {number} most the value that fills the height @param {{width: number, height: number}} box
 */
export function bars(values, most, { width, height }) {
  const room = width / Math.max(1, values.length);
  const wide = Math.max(1, Math.min(34, room * 0.72));
  return values.map((value, i) => {
    const tall = value > 0 && most > 0 ? Math.max(2, (value / most) * height) : 0;
    return { x: i * room + (room - wide) / 2, y: height - tall, width: wide, height: tall };
  });
}

/** Parts of a whole as places from 0 to 100, without those that are nothing.
 * @template {{value: number}} P @param {P[]} parts @returns {(P & {from: number, share: number})[]} */
export function stacked(parts) {
  const whole = parts.reduce((sum, part) => sum + Math.max(0, part.value), 0);
  let from = 0;
  return parts.filter((part) => part.value > 0).map((part) => {
    const share = (part.value / whole) * 100;
    from += share;
    return { ...part, from: from - share, share };
  });
}

/** How dark a cell of a heat map is: 0 for nothing, 1 to 5 for the rest. @param {number} value @param {number} most */
export const level = (value, most) => (value > 0 && most > 0 ? Math.min(5, Math.max(1, Math.ceil((value / most) * 5))) : 0);

/** Which of `count` labels to write so that they do not touch: every n-th, the last one always counted from.
 * @param {number} count @param {number} width @param {number} each width of a label */
export function written(count, width, each) {
  const step = Math.max(1, Math.ceil((count * each) / Math.max(1, width)));
  return Array.from({ length: count }, (_, i) => i).filter((i) => (count - 1 - i) % step === 0);
}
