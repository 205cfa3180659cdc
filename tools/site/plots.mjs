// SPDX-License-Identifier: MIT
// Plots as SVG, without a style of their own: accuracy.css has the looks, so they follow the colour scheme and the page's policy.

// Sizes in the drawing's own units, which are about pixels on a phone.
const WIDTH = 340;
const HEIGHT = 230;
const LEFT = 50;
const RIGHT = 14;
const TOP = 28;
const BOTTOM = 42;

/** @typedef {{ title: string, low: number, high: number, ticks: number[], format: (value: number) => string }} Axis */
/** @typedef {{ low: number, high: number, share: number, count: number }} ReliabilityBar */

/** @param {unknown} text */
export function escapeHtml(text) {
  const entities = /** @type {Record<string, string>} */ ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' });
  return String(text).replace(/[&<>"']/g, (character) => entities[character]);
}

/**
 * A curve; dots mark the values that were measured, unless there are many.
 * @param {{ description: string, x: Axis, y: Axis, points: [x: number, y: number][] }} plot
 */
export function linePlot({ description, x, y, points }) {
  const [across, down] = scales(x, y, HEIGHT);
  const places = points.map(([px, py]) => `${place(across(px))} ${place(down(py))}`);
  const dots = points.length > 40 ? '' : points.map(([px, py]) =>
    `<circle class="dot" cx="${place(across(px))}" cy="${place(down(py))}" r="3"/>`).join('');
  return frame(description, x, y, HEIGHT, `<path class="curve" d="M${places.join('L')}"/>${dots}`);
}

/**
 * Shares right at levels of confidence, against the diagonal on which both are equal; above each, how many answers it stands for.
 * @param {{ description: string, x: Axis, y: Axis, bars: ReliabilityBar[] }} plot
 */
export function reliabilityPlot({ description, x, y, bars }) {
  const height = HEIGHT + 60;
  const [across, down] = scales(x, y, height);
  const shapes = bars.filter(({ count }) => count > 0).map(({ low, high, share }) => {
    const [left, width] = [across(low) + 1, across(high) - across(low) - 2];
    // A bar of nothing right is still to be seen.
    const top = Math.min(down(share), down(0) - 1.5);
    return `<rect class="bar" x="${place(left)}" y="${place(top)}" width="${place(width)}" height="${place(down(0) - top)}"/>`;
  });
  const ideal = `<path class="ideal" d="M${place(across(0))} ${place(down(0))}L${place(across(1))} ${place(down(1))}"/>`;
  return frame(description, x, y, height, shapes.join('') + ideal);
}

/**
 * A bar for each row, its value beside it.
 * @param {{ description: string, rows: { name: string, value: number, label: string, isMain: boolean }[] }} plot
 */
export function barRows({ description, rows }) {
  const step = 44;
  const most = Math.max(...rows.map(({ value }) => value));
  const shapes = rows.map(({ name, value, label, isMain }, i) => {
    const width = Math.max(2, (value / most) * (WIDTH - 70));
    const top = i * step;
    return `<text class="name" x="0" y="${top + 14}">${escapeHtml(name)}</text>`
      + `<rect class="bar${isMain ? '' : ' other'}" x="0" y="${top + 20}" width="${place(width)}" height="13" rx="2"/>`
      + `<text class="value" x="${place(width + 7)}" y="${top + 31}">${escapeHtml(label)}</text>`;
  });
  return svg(description, rows.length * step - 8, shapes.join(''));
}

/** Round numbers from low to high, at most seven. @param {number} low @param {number} high */
export function roundTicks(low, high) {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10);
  const first = Math.ceil(low / step - 1e-6);
  const last = Math.floor(high / step + 1e-6);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(9)));
}

/** @param {number} value */
const place = (value) => Number(value.toFixed(1));

/** @param {Axis} x @param {Axis} y @param {number} height @returns {((value: number) => number)[]} */
function scales(x, y, height) {
  const scale = (/** @type {Axis} */ { low, high }, /** @type {number} */ from, /** @type {number} */ to) =>
    (/** @type {number} */ value) => from + Math.min(1, Math.max(0, (value - low) / (high - low))) * (to - from);
  return [scale(x, LEFT, WIDTH - RIGHT), scale(y, height - BOTTOM, TOP)];
}

/** @param {string} description @param {Axis} x @param {Axis} y @param {number} height @param {string} content */
function frame(description, x, y, height, content) {
  const [across, down] = scales(x, y, height);
  const bottom = height - BOTTOM;
  const grid = y.ticks.map((tick) =>
    `<path class="grid" d="M${LEFT} ${place(down(tick))}H${WIDTH - RIGHT}"/>`
    + `<text class="tick end" x="${LEFT - 7}" y="${place(down(tick) + 4)}">${escapeHtml(y.format(tick))}</text>`).join('');
  const foot = x.ticks.map((tick) =>
    `<path class="grid" d="M${place(across(tick))} ${bottom}v4"/>`
    + `<text class="tick middle" x="${place(across(tick))}" y="${bottom + 18}">${escapeHtml(x.format(tick))}</text>`).join('');
  const titles = `<text class="middle" x="${(LEFT + WIDTH - RIGHT) / 2}" y="${height - 5}">${escapeHtml(x.title)}</text>`
    + `<text x="2" y="13">${escapeHtml(y.title)}</text>`;
  return svg(description, height, grid + foot + titles + content);
}

/** @param {string} description @param {number} height @param {string} content */
function svg(description, height, content) {
  return `<svg class="plot" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${escapeHtml(description)}">${content}</svg>`;
}
