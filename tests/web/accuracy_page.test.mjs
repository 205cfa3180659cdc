// SPDX-License-Identifier: MIT
// The page Accuracy says what the cards say, and nothing else.
import assert from 'node:assert/strict';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { fillAccuracyPage, readMeasurements } from '../../tools/site/accuracy_page.mjs';
import { renderPages } from '../../tools/site/pages.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const site = env.INKREAD_SITE ?? `${root}build/site`;
const measurements = await readMeasurements(`${root}weights/digits.onnx`);
const { card, report, uses, others } = measurements;
const built = () => readFile(`${site}/accuracy.html`, 'utf8');
const pageTemplate = async () => (await renderPages(`${root}web`)).get('accuracy.html');
const fill = (template, changed = {}) => fillAccuracyPage(template, { ...measurements, ...changed });

/** What a person reads: no tags, and of the plots no ticks. */
const textOf = (html) => html.replace(/<text class="tick[^>]*>[^<]*<\/text>/g, ' ').replace(/<head>[\s\S]*<\/head>|<[^>]+>/g, ' ');
const numbersIn = (text) => text.replaceAll('&nbsp;', '\u00a0').match(/\d(?:[\d,]*\d)?(?:\.\d+)?(?:\u00a0?%)?/g) ?? [];
const formats = [[0, ''], [2, ''], [0, '%'], [1, '%'], [2, '%'], [4, '']].map(([digits, unit]) => (value) =>
  new Intl.NumberFormat('en', { style: unit ? 'percent' : 'decimal', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(value));

/** Every way in which a card's number may be written, and what follows from it. */
function numbersOf(cards) {
  const values = [];
  const visit = (value) => {
    if (typeof value === 'number') values.push(value, 1 - value, Math.abs(value));
    else if (typeof value === 'string' && !value.startsWith('data:')) written.push(...numbersIn(value));
    else if (value && typeof value === 'object') Object.values(value).forEach(visit);
  };
  const written = [];
  for (const one of cards) {
    visit(one);
    const { confusion } = one.test ?? one;
    if (!confusion) continue;
    const rows = confusion.map((row) => row.reduce((sum, count) => sum + count, 0));
    const wrong = confusion.map((row, label) => rows[label] - row[label]);
    values.push(...rows, ...wrong, wrong.reduce((sum, count) => sum + count, 0));
  }
  return new Set([...written, ...values.flatMap((value) => [String(value), ...formats.map((format) => format(value))])]);
}

test('every figure of the page is one of a card', async () => {
  const known = numbersOf([card, ...others, report, uses].filter(Boolean));
  const template = await pageTemplate();
  // The page's own words name a few: 28 by 28 pixels, a 95 % interval.
  const own = new Set(numbersIn(textOf(template.replace(/\[\[[^\]]*\]\]/g, ' '))));
  own.add('95').add('95 %');
  const numbers = numbersIn(textOf(await built()));
  assert.ok(numbers.length > 200, `only ${numbers.length} numbers`);
  for (const number of numbers) assert.ok(known.has(number) || own.has(number), `${number} is in no card`);
});

test('the headline is the card’s, and follows it', async () => {
  const page = textOf(await built());
  const percent = formats[4];
  for (const share of [card.test.accuracy, ...card.test.interval]) assert.ok(page.includes(percent(share)), String(share));
  const template = 'right [[accuracy]], from [[interval.low]] to [[interval.high]], [[errors]] wrong, [[risk]]';
  const confusion = card.test.confusion.map((row, label) => (label === 0 ? [970, 10, ...row.slice(2)] : row));
  const other = { ...card, test: { ...card.test, accuracy: 0.5, interval: [0.25, 0.75], confusion } };
  const errors = new Intl.NumberFormat('en').format(Math.round((1 - card.test.accuracy) * card.test.images) + 10);
  assert.equal(fill(template, { card: other }), `right 50.00%, from 25.00% to 75.00%, ${errors} wrong, ${percent(card.test.risk_coverage[2].error)}`);
});

test('tables hold the card’s rows', () => {
  const rowsOf = (html) => [...html.matchAll(/<tr>(.*?)<\/tr>/gs)].slice(1)
    .map((row) => [...row[1].matchAll(/<t[hd][^>]*>(.*?)<\/t[hd]>/g)].map((cell) => cell[1]));
  const confusion = rowsOf(fill('[[confusion-table: x]]')).map((row) => row.slice(1).map((cell) => (cell === '·' ? 0 : Number(cell))));
  assert.deepEqual(confusion, card.test.confusion);
  const percent = formats[4];
  assert.deepEqual(rowsOf(fill('[[digits-table: c | a | b | c | d | e]]')).map(([digit, , , recall, precision]) => [digit, recall, precision]),
    card.test.per_digit.map(({ digit, recall, precision }) => [String(digit), percent(recall), percent(precision)]));
  assert.deepEqual(rowsOf(fill('[[risk-table: c | a | b]]')).map(([, risk]) => risk), card.test.risk_coverage.map(({ error }) => percent(error)));
  assert.deepEqual(rowsOf(fill('[[family-table: c | a | b | c]]')).map(([name, right]) => [name, right.replace(/<.*/, '')]),
    [card, ...others].map(({ network, test: { accuracy } }) => [network.name, percent(accuracy)]));
});

test('what was measured of another network is left out', async () => {
  const template = 'a\n  <!-- if report -->\n  b [[turned]]\n  <!-- end report -->\n<!-- if uses -->\n[[cheques-right]]\n<!-- end uses -->\nc\n';
  assert.equal(fill(template, { report: null, uses: null }), 'a\nc\n');
  const whole = await pageTemplate();
  const page = fill(whole, { report: null, uses: null });
  assert.doesNotMatch(page, /\[\[|<!-- (if|end)/);
  assert.match(page, /<h2[^>]*>What it mistakes for what/);
});

test('a site with a network of its own tells nothing of ours', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'inkread-weights-'));
  await writeFile(join(folder, 'own.onnx'), 'another network');
  await copyFile(`${root}weights/digits.json`, join(folder, 'own.json'));
  const own = await readMeasurements(join(folder, 'own.onnx'));
  assert.deepEqual([own.card, own.report, own.uses], [null, null, null]);
  const page = fillAccuracyPage(await pageTemplate(), own);
  assert.match(page, /a network of its own/);
  assert.doesNotMatch(page, /\[\[|<!-- (if|unless|end)|<table|<h2/);
  await rm(folder, { recursive: true });
});

test('the seed network may be shipped: its own card is told, and ours is one to compare with', async () => {
  const seed = await readMeasurements(`${root}weights/seed.onnx`);
  assert.equal(seed.card.file, 'seed.onnx');
  assert.deepEqual(seed.others.map(({ file }) => file), ['digits.onnx', 'lenet-5.onnx', 'perceptron.onnx', 'softmax-regression.onnx']);
  const page = fillAccuracyPage(await pageTemplate(), seed);
  assert.ok(page.includes(formats[4](seed.card.test.accuracy)));
  assert.doesNotMatch(page, /NaN|undefined|null|\[\[/);
});

test('a name that no card has is an error', () => {
  assert.throws(() => fill('[[acuracy]]'), /names "acuracy"/);
  assert.throws(() => fill('[[turned]]', { report: null }), /names "turned"/);
});

test('figures are written as the page’s language writes them', () => {
  assert.match(fill('<html lang="de">[[accuracy]] [[images]]'), /99,\d\d\s% 10\.000/);
});

test('the page has no style and no script inside, and one beside it, which keeps the site', async () => {
  const page = await built();
  assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
  assert.deepEqual(page.match(/<script[^]*?<\/script>/g), ['<script type="module" src="accuracy.js"></script>']);
  assert.doesNotMatch(page, /NaN|undefined|null|\[\[/);
});

test('what lies beside the shipped network is about it', async () => {
  const read = async (name) => JSON.parse(await readFile(`${root}weights/${name}`, 'utf8'));
  for (const name of ['measured/digits.report.json', 'measured/digits.uses.json']) {
    assert.equal((await read(name)).sha256, card.network.sha256, `${name} is of another network; accuracy_page.mjs says how to renew it`);
  }
  for (const key of ['accuracy', 'confusion', 'log_loss', 'calibration_error']) assert.deepEqual(report[key], card.test[key], key);
});

test('what the page says of use is what MEASURED.md says', async () => {
  const measured = await readFile(`${root}MEASURED.md`, 'utf8');
  const percent = (share, digits) => (100 * share).toFixed(digits);
  const strings = uses.strings_of_5.map(({ right }) => percent(right, 1)).join(', ');
  const single = [uses.single_pictures, uses.postal_digits, uses.pen_strokes].map(({ right }) => percent(right, 1)).join(', ');
  const whole = [uses.pages_and_lines, uses.cheques].map(({ right }) => percent(right, 0)).join(', ');
  for (const figures of [strings, single, whole, percent(uses.letters_and_signs.refused, 2),
    `(${uses.single_pictures.count} `, `(${uses.pages_and_lines.count} `, `(${uses.cheques.count})`]) {
    assert.ok(measured.includes(figures), figures);
  }
});
