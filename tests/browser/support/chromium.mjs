// Drives the system's Chromium, the way a hand does: with pointer events.

import { existsSync } from 'node:fs';
import { env } from 'node:process';

import { chromium } from 'playwright-core';

import { drawings, strokesOf } from '../../support/pictures.mjs';

/** @import { Page } from 'playwright-core' */
/** @typedef {[x: number, y: number][][]} Strokes */

const WELL_KNOWN = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Headless, and silent: without these it talks to hosts of its own. */
const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1'];

/** The browser's path. */
export function findChromium() {
  const executablePath = env.CHROMIUM ?? WELL_KNOWN.find((file) => existsSync(file));
  if (!executablePath) throw new Error('no Chromium found: set CHROMIUM to its path');
  return executablePath;
}

/**
 * A browser with a fresh profile.
 * @param {string[]} moreFlags
 */
export function launchChromium(...moreFlags) {
  return chromium.launch({ executablePath: findChromium(), args: [...FLAGS, ...moreFlags] });
}

/**
 * A browser whose profile outlives it, as a person's does.
 * @param {string} profile a folder
 */
export function launchWithProfile(profile) {
  return chromium.launchPersistentContext(profile, { executablePath: findChromium(), args: FLAGS, reducedMotion: 'reduce' });
}

export const DIGITS = drawings.map(({ label }) => label);

/**
 * The digit's strokes, moved and scaled into the middle of a square, four fifths of its side.
 * @param {string} digit
 * @param {{ x: number, y: number, side: number }} square
 * @returns {Strokes}
 */
export function strokesWithin(digit, { x, y, side }) {
  const strokes = strokesOf(digit);
  const xs = strokes.flat().map((point) => point[0]);
  const ys = strokes.flat().map((point) => point[1]);
  const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const scale = 0.8 * side / Math.max(right - left, bottom - top);
  return strokes.map((stroke) => stroke.map(([px, py]) => [
    x + side / 2 + (px - (left + right) / 2) * scale,
    y + side / 2 + (py - (top + bottom) / 2) * scale,
  ]));
}

/**
 * The strokes of a digit, or of several side by side, in the middle of where the pad lies in the window.
 * @param {Page} page
 * @param {string} digits
 */
export async function strokesOnPad(page, digits) {
  const pad = page.locator('ink-pad canvas');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (!box) throw new Error('the pad is not shown');
  const side = Math.min(box.height, box.width / digits.length);
  const left = box.x + (box.width - side * digits.length) / 2;
  const y = box.y + (box.height - side) / 2;
  return [...digits].flatMap((digit, i) => strokesWithin(digit, { x: left + i * side, y, side }));
}

/**
 * Draws with the mouse.
 * @param {Page} page
 * @param {string} digits
 */
export async function drawDigits(page, digits) {
  for (const stroke of await strokesOnPad(page, digits)) await drawStroke(page, stroke);
}

/**
 * @param {Page} page
 * @param {[x: number, y: number][]} stroke
 */
export async function drawStroke(page, [start, ...rest]) {
  await page.mouse.move(...start);
  await page.mouse.down();
  for (const point of rest) await page.mouse.move(...point);
  await page.mouse.up();
}

/**
 * Where a point of the shown picture, in shares of it, lies in the window.
 * @param {Page} page
 * @param {[number, number]} share
 * @returns {Promise<{ x: number, y: number }>}
 */
export async function pointOfPicture(page, [across, down]) {
  return page.locator('.photo > svg').evaluate((svg, [right, below]) => {
    const place = /** @type {SVGSVGElement} */ (svg);
    const { x, y, width, height } = place.viewBox.baseVal;
    const point = new DOMPoint(x + right * width, y + below * height).matrixTransform(/** @type {DOMMatrix} */ (place.getScreenCTM()));
    return { x: point.x, y: point.y };
  }, [across, down]);
}

/** Drags a frame over the shown picture, in shares of it. @param {Page} page @param {[number, number]} from @param {[number, number]} to */
export async function dragFrame(page, from, to) {
  const [start, end] = [await pointOfPicture(page, from), await pointOfPicture(page, to)];
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 5 });
  await page.mouse.up();
}

/**
 * Draws with a finger, through the browser's own touch input, so that scrolling and gestures are tried as well.
 * @param {Page} page
 * @param {string} digit
 */
export async function drawDigitWithFinger(page, digit) {
  const strokes = await strokesOnPad(page, digit);
  const touch = await touchInput(page);
  for (const stroke of strokes) {
    for (const [i, [x, y]] of stroke.entries()) await touch(i === 0 ? 'touchStart' : 'touchMove', { x, y });
    await touch('touchEnd');
  }
}

/**
 * The browser's touch input: all fingers that are down, each time one of them comes, moves or goes.
 * @param {Page} page
 */
export async function touchInput(page) {
  const session = await page.context().newCDPSession(page);
  return (/** @type {'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel'} */ type,
    /** @type {{ x: number, y: number, id?: number }[]} */ ...touchPoints) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints });
}
