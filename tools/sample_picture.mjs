#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// Makes web/sample.jpg, the picture that Read offers to try: numbers of the tests' own drawings on ruled paper, with a
// photograph's light and grain.
//   node tools/sample_picture.mjs [--out web/sample.jpg]

import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';

import { drawings } from '../tests/support/pictures.mjs';
import { launchChromium } from '../tests/browser/support/chromium.mjs';

const { values } = parseArgs({ options: { out: { type: 'string', default: 'web/sample.jpg' } } });
const LINES = ['1875', '40962', '316'];

/** Runs in the page: the picture as a data address. */
function paint({ lines, drawings }) {
  let state = 7;
  const random = () => ((state = (state * 16807) % 2147483647) / 2147483647);
  const canvas = Object.assign(document.createElement('canvas'), { width: 1000, height: 750 });
  const context = canvas.getContext('2d');
  context.fillStyle = '#ece6d8';
  context.fillRect(0, 0, 1000, 750);

  context.save();
  context.translate(500, 375);
  context.rotate(-0.035);
  context.translate(-500, -375);
  context.strokeStyle = '#a9bccf';
  context.lineWidth = 2;
  for (let y = 65; y < 900; y += 70) {
    context.beginPath();
    context.moveTo(-100, y);
    context.lineTo(1100, y);
    context.stroke();
  }
  context.strokeStyle = '#22304f';
  context.lineCap = context.lineJoin = 'round';
  lines.forEach((line, row) => {
    let x = 150 + 40 * random();
    for (const digit of line) {
      const { strokes } = drawings.find(({ label }) => label === digit);
      const xs = strokes.flat().map(([px]) => px);
      const ys = strokes.flat().map(([, py]) => py);
      const [left, top] = [Math.min(...xs), Math.min(...ys)];
      const scale = (116 + 14 * random()) / (Math.max(...ys) - top);
      const slant = -0.12 - 0.1 * random();
      const baseline = 150 + 210 * row + 6 * random();
      context.lineWidth = 8 + 2 * random();
      for (const stroke of strokes) {
        context.beginPath();
        for (const [px, py] of stroke) {
          const y = (py - top) * scale;
          context.lineTo(x + (px - left) * scale - slant * (116 - y), baseline + y);
        }
        context.stroke();
      }
      x += (Math.max(...xs) - left) * scale + 44 + 18 * random();
    }
  });
  context.restore();

  // The lamp stands at the upper left, a hand's shadow lies at the lower right.
  const light = context.createRadialGradient(250, 150, 80, 420, 300, 900);
  light.addColorStop(0, '#fff6e0');
  light.addColorStop(1, '#8f8a86');
  context.globalCompositeOperation = 'multiply';
  context.fillStyle = light;
  context.fillRect(0, 0, 1000, 750);
  const shadow = context.createRadialGradient(980, 760, 60, 980, 760, 420);
  shadow.addColorStop(0, '#77716c');
  shadow.addColorStop(1, '#fff');
  context.fillStyle = shadow;
  context.fillRect(0, 0, 1000, 750);

  const picture = context.getImageData(0, 0, 1000, 750);
  for (let i = 0; i < picture.data.length; i += 4) {
    const grain = 9 * (random() + random() - 1);
    for (let channel = 0; channel < 3; ++channel) picture.data[i + channel] += grain;
  }
  context.putImageData(picture, 0, 0);
  return canvas.toDataURL('image/jpeg', 0.6);
}

const browser = await launchChromium();
try {
  const page = await browser.newPage();
  const address = await page.evaluate(paint, { lines: LINES, drawings });
  await writeFile(values.out, Buffer.from(address.split(',')[1], 'base64'));
} finally {
  await browser.close();
}
