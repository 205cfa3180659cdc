#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// What `inkread benchmark` tells of the native engine, of the page's engine in Chromium: the networks' time, as a share of what
// this browser reaches in plain products and sums of four numbers at once, which is measured first. A turn of each after the other.
//   node tools/benchmark_page.mjs [--dir build/site] [--rounds 40] [--json] [--baseline tools/benchmark_page_baseline.json]
// --baseline: what --json wrote before; fails where a share fell by more than 15 %.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { launchChromium } from '../tests/browser/support/chromium.mjs';
import { startServer } from './serve.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const NETWORKS = ['seed', 'digits'];
const BATCHES = [1, 256];
const LEAST_RATIO = 0.85;
const ACCUMULATORS = 12; // enough that each is ready again when it is its turn
const REPEATS = 8;

/** A module whose run(n) does 2 * 4 * ACCUMULATORS * REPEATS * n operations: sums of products, each on four numbers. */
function peakModule() {
  const bytes = (/** @type {number} */ n) => { // unsigned LEB128
    const out = [];
    do out.push((n & 0x7F) | (n > 0x7F ? 0x80 : 0)); while ((n >>>= 7) > 0);
    return out;
  };
  const sized = (/** @type {number[]} */ content) => [...bytes(content.length), ...content];
  const section = (/** @type {number} */ id, /** @type {number[]} */ content) => [id, ...sized(content)];
  const get = (/** @type {number} */ local) => [0x20, ...bytes(local)];
  const set = (/** @type {number} */ local) => [0x21, ...bytes(local)];
  const splat = (/** @type {number} */ value) => [0x43, ...new Uint8Array(new Float32Array([value]).buffer), 0xFD, 0x13];
  const [factor, summand] = [1, 2]; // locals behind the parameter
  const accumulators = Array.from({ length: ACCUMULATORS }, (_, i) => 3 + i);
  const step = accumulators.flatMap((local) =>
    [...get(local), ...get(factor), 0xFD, 0xE6, 0x01, ...get(summand), 0xFD, 0xE4, 0x01, ...set(local)]);
  const body = [
    1, ...bytes(2 + ACCUMULATORS), 0x7B, // locals: v128
    ...splat(0.5), ...set(factor), ...splat(1), ...set(summand),
    0x03, 0x40, ...Array.from({ length: REPEATS }, () => step).flat(),
    ...get(0), 0x41, 1, 0x6B, 0x22, 0, 0x0D, 0, 0x0B, // until the parameter is 0
    ...get(accumulators[0]), ...accumulators.slice(1).flatMap((local) => [...get(local), 0xFD, 0xE4, 0x01]), 0xFD, 0x1F, 0, 0x0B,
  ];
  return [0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, ...section(1, [1, 0x60, 1, 0x7F, 1, 0x7D]), ...section(3, [1, 0]),
    ...section(7, [1, 3, ...[...'run'].map((c) => c.charCodeAt(0)), 0, 0]), ...section(10, [1, ...sized(body)])];
}

/**
 * Runs in the page. Seconds of a call of each subject, the median of its turns; the peak first.
 * @param {{ peak: number[], files: Record<string, number[]>, batches: number[], rounds: number }} task
 */
async function measureInPage({ peak, files, batches, rounds }) {
  const { createReader } = await import(new URL('inkread.js', document.baseURI).href);
  const { instance } = await WebAssembly.instantiate(new Uint8Array(peak));
  const run = /** @type {(n: number) => number} */ (instance.exports.run);
  const subjects = [{ call: () => run(20_000), calls: 1, seconds: /** @type {number[]} */ ([]) }];
  for (const file of Object.values(files)) {
    const reader = await createReader({ weights: new Uint8Array(file) });
    for (const batch of batches) {
      const tiles = Float32Array.from({ length: 784 * batch }, (_, i) => (i * 2654435761 >>> 0) % 1000 / 1000);
      subjects.push({ call: () => reader.probabilities(tiles, batch), calls: Math.ceil(64 / batch), seconds: [] });
    }
  }
  for (let round = -5; round < rounds; ++round) { // before 0, until the code is compiled well
    for (const { call, calls, seconds } of subjects) {
      const start = performance.now();
      for (let i = 0; i < calls; ++i) call();
      if (round >= 0) seconds.push((performance.now() - start) / 1000 / calls);
    }
  }
  return subjects.map(({ seconds }) => seconds.sort((a, b) => a - b)[seconds.length >> 1]);
}

const string = /** @type {const} */ ('string');
const { values } = parseArgs({
  options: {
    dir: { type: string, default: 'build/site' },
    rounds: { type: string, default: '40' },
    json: { type: 'boolean', default: false },
    baseline: { type: string },
  },
});
const files = Object.fromEntries(NETWORKS.map((name) => [name, [...readFileSync(`${root}weights/${name}.onnx`)]]));
const server = await startServer({ dir: values.dir });
const browser = await launchChromium();
let seconds;
try {
  const page = await browser.newPage();
  await page.goto(new URL('how.html', server.url).href);
  seconds = await page.evaluate(measureInPage, { peak: peakModule(), files, batches: BATCHES, rounds: Number(values.rounds) });
} finally {
  await browser.close();
  await server.close();
}
const peak = 2 * 4 * ACCUMULATORS * REPEATS * 20_000 / seconds[0] / 1e9;
const measurements = NETWORKS.flatMap((network, n) => BATCHES.map((batch, b) => {
  const { macs } = JSON.parse(readFileSync(`${root}weights/${network}.json`, 'utf8')).network;
  const time = seconds[1 + n * BATCHES.length + b];
  const gigaflops = 2 * macs * batch / time / 1e9;
  return { name: `${network}, ${batch === 1 ? 'one image' : `${batch} images`}`, milliseconds: time * 1000, gigaflops,
    share: gigaflops / peak, images_a_second: batch / time };
}));
const baseline = values.baseline ? JSON.parse(readFileSync(values.baseline, 'utf8')).measurements : [];
const ratioOf = (/** @type {{ name: string, share: number }} */ { name, share }) =>
  share / (baseline.find((/** @type {{ name: string }} */ before) => before.name === name)?.share ?? NaN);
if (values.json) {
  console.log(JSON.stringify({ peak_gigaflops: peak, measurements }, null, 2));
} else {
  console.log(`peak ${peak.toFixed(1)} GFLOP/s (multiply and add, four numbers at once)\n`);
  console.log(' '.repeat(24) + ['ms', 'GFLOP/s', 'share', 'images/s'].map((head) => head.padStart(10)).join(''));
  for (const m of measurements) {
    const ratio = ratioOf(m);
    console.log(m.name.padEnd(24) + [m.milliseconds.toFixed(3), m.gigaflops.toFixed(1), `${(100 * m.share).toFixed(0)} %`,
      m.images_a_second.toFixed(0)].map((cell) => cell.padStart(10)).join('') + (ratio > 0 ? `  ${ratio.toFixed(2)}` : ''));
  }
}
for (const m of measurements.filter((each) => ratioOf(each) < LEAST_RATIO)) {
  console.error(`${m.name}: it reaches ${ratioOf(m).toFixed(2)} of the baseline's share of the peak`);
  process.exitCode = 1;
}
