// SPDX-License-Identifier: MIT
/**
 * The page Accuracy, filled with what the networks' cards say. Its template holds all words; `[[name]]` stands for a figure of
 * the card, `[[name: word | word]]` for a table or a plot that has these words. What stands between `<!-- if NAME -->` and
 * `<!-- end NAME -->` is left out where there is no such measurement of this very network, between `<!-- unless NAME -->` and
 * `<!-- end NAME -->` where there is one:
 *
 * - `card` (NETWORK.json beside NETWORK.onnx): `inkread train` writes it
 * - `calibration`: what of it is noted in networks that refuse; `validation`: how many training images were held out
 * - `report` (measured/NETWORK.report.json): `inkread evaluate NETWORK.onnx --mnist DIR --report OUT` writes it as OUT/report.json
 * - `uses` (measured/NETWORK.uses.json): what MEASURED.md's table says of whole numbers and of what is no digit
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { barRows, escapeHtml, linePlot, reliabilityPlot, roundTicks } from './plots.mjs';

/** As `inkread` writes them; see tools/inkread/model_card.cpp and report/evaluation_report.cpp. @typedef {any} Json */
/**
 * The network's card, the cards of others, and what else was measured of it.
 * @typedef {{ card: Json | null, others: Json[], report: Json | null, uses: Json | null }} Measurements
 */

/** A name in the page to what stands there. @typedef {Record<string, (...words: string[]) => string>} Fillings */

const DIGITS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const SHIPPED = fileURLToPath(new URL('../../weights/', import.meta.url));
const CARDS_TO_COMPARE = ['digits.json', 'seed.json', 'classic/lenet-5.json', 'classic/perceptron.json', 'classic/softmax-regression.json'];

/** @param {string} weights the network's file @returns {Promise<Measurements>} */
export async function readMeasurements(weights) {
  const sha256 = createHash('sha256').update(await readFile(weights)).digest('hex');
  const [folder, name] = [dirname(weights), basename(weights, '.onnx')];
  const ofThisNetwork = async (/** @type {string} */ file) => {
    const measured = await readJson(join(folder, file)).catch((error) => {
      if (error.code === 'ENOENT') return null;
      throw error;
    });
    // Of an older network they would say what is not true of this one.
    return (measured?.sha256 ?? measured?.network?.sha256) === sha256 ? measured : null;
  };
  const others = await Promise.all(CARDS_TO_COMPARE.map((file) => readJson(join(SHIPPED, file))));
  return {
    card: await ofThisNetwork(`${name}.json`),
    others: others.filter((card) => card.network.sha256 !== sha256),
    report: await ofThisNetwork(`measured/${name}.report.json`),
    uses: await ofThisNetwork(`measured/${name}.uses.json`),
  };
}

/** @param {string} file @returns {Promise<Json>} */
const readJson = async (file) => JSON.parse(await readFile(file, 'utf8'));

/**
 * @param {string} template its language is that of its <html lang>
 * @param {Measurements} measurements
 * @returns {string} the page
 * @throws {Error} where the template names what is not there
 */
export function fillAccuracyPage(template, measurements) {
  const language = /<html lang="([\w-]+)"/.exec(template)?.[1] ?? 'en';
  const fillings = fillingsOf(measurements, formats(language));
  let chosen = template;
  const { card, report, uses } = measurements;
  const conditions = { card, calibration: card?.calibration, validation: countIn(card?.training.validation), report, uses };
  for (const [name, measured] of Object.entries(conditions)) {
    const part = new RegExp(`[ \\t]*<!-- (if|unless) ${name} -->\\n([\\s\\S]*?)[ \\t]*<!-- end ${name} -->\\n`, 'g');
    // Without a card there is nothing to compare the rest with.
    const isThere = Boolean(card && measured);
    chosen = chosen.replace(part, (_, when, content) => ((when === 'if') === isThere ? content : ''));
  }
  return chosen.replace(/\[\[([\w.-]+)(?::([^\]]*))?\]\]/g, (_, name, words = '') => {
    const filling = fillings[name];
    if (!filling) throw new Error(`the page Accuracy names "${name}", which no card has`);
    return filling(...words.split('|').map((/** @type {string} */ word) => word.trim()));
  });
}

/** @typedef {ReturnType<typeof formats>} Formats */

/** @param {string} language */
function formats(language) {
  const number = (/** @type {Intl.NumberFormatOptions} */ options) => {
    const format = new Intl.NumberFormat(language, options);
    return (/** @type {number} */ value) => format.format(value);
  };
  const percent = (/** @type {number} */ digits) =>
    number({ style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits });
  return {
    count: number({}),
    share: percent(2),
    tenths: percent(1),
    whole: percent(0),
    tick: number({ style: 'percent', maximumFractionDigits: 2 }),
    setting: number({ maximumFractionDigits: 2 }),
    loss: number({ minimumFractionDigits: 4, maximumFractionDigits: 4 }),
  };
}

/** @param {Measurements} measurements @param {Formats} format @returns {Fillings} */
function fillingsOf({ card, others, report, uses }, format) {
  if (!card) return {};
  const { network, test, calibration, training } = card;
  return {
    'accuracy': () => format.share(test.accuracy),
    'interval.low': () => format.share(test.interval[0]),
    'interval.high': () => format.share(test.interval[1]),
    'images': () => format.count(test.images),
    'errors': () => format.count(errorsOf(test)),
    'log-loss': () => format.loss(test.log_loss),
    'calibration-error': () => format.share(test.calibration_error),
    'refused': () => format.whole(1 - riskAt(test, 0.99).coverage),
    'risk': () => format.share(riskAt(test, 0.99).error),
    'parameters': () => format.count(network.parameters),
    'file-bytes': () => format.count(network.file_bytes),
    'sha256': () => escapeHtml(network.sha256),
    'accept-confidence': () => format.tenths(calibration.accept_confidence),
    'accept-risk': () => format.share(calibration.accept_risk),
    'training-images': () => format.count(countIn(training.data)),
    'validation-images': () => format.count(countIn(training.validation)),
    'training-command': () => escapeHtml(training.command),
    'digits-table': (...titles) => digitsTable(test, titles, format),
    'confusion-table': (caption) => confusionTable(test.confusion, caption),
    'risk-table': (caption, ...titles) => table(caption, titles, test.risk_coverage.map((/** @type {Json} */ { coverage, error }) =>
      [format.tick(coverage), format.share(error)])),
    'family-plot': (description) => familyPlot([card, ...others], description, format),
    'family-table': (caption, ...titles) => table(caption, titles, [card, ...others].map((one) => [
      escapeHtml(one.network.name),
      `${format.share(one.test.accuracy)}<small>${one.test.interval.map(format.share).join(' – ')}</small>`,
      format.count(one.network.parameters)])),
    ...(report && reportFillings(report, format)),
    ...(uses && usesFillings(uses, format)),
  };
}

/** @param {Json} report @param {Formats} format @returns {Fillings} */
function reportFillings({ reliability, risk_curve: riskCurve, robustness, mistakes, errors }, format) {
  const shareAxis = { low: 0, high: 1, ticks: roundTicks(0, 1), format: format.whole };
  const filled = reliability.filter((/** @type {Json} */ { images }) => images > 0);
  return {
    'reliability-plot': (description, x, y) => reliabilityPlot({
      description,
      x: { title: x, ...shareAxis },
      y: { title: y, ...shareAxis },
      bars: reliability.map((/** @type {Json} */ { low, high, accuracy, images }) => ({ low, high, share: accuracy, count: images })),
    }),
    'reliability-table': (caption, ...titles) => table(caption, titles, filled.map((/** @type {Json} */ bin) => [
      `${format.whole(bin.low)} – ${format.whole(bin.high)}`, format.count(bin.images), format.tenths(bin.confidence),
      format.tenths(bin.accuracy)])),
    'risk-plot': (description, x, y) => {
      // Where fewer are answered, next to nothing is wrong.
      const low = 0.9;
      /** @type {[number, number][]} */
      const points = riskCurve.map((/** @type {Json} */ { coverage, error }) => [coverage, error]);
      const shown = points.filter(([coverage]) => coverage >= low);
      const high = Math.max(...shown.map(([, error]) => error));
      return linePlot({
        description,
        x: { title: x, low, high: 1, ticks: roundTicks(low, 1), format: format.whole },
        y: { title: y, low: 0, high, ticks: roundTicks(0, high), format: format.tick },
        points: shown,
      });
    },
    'turned': () => format.share(robustness.rotation_15_mean),
    'shifted': () => format.share(robustness.shift_4_mean),
    'scaled': () => format.share(robustness['scale_0.7_1.3_mean']),
    'robustness-plot': (kind, x, y, description) => robustnessPlot(robustness, kind, { x, y, description }, format),
    'mistakes-shown': () => format.count(mistakes.length),
    'mistakes-all': () => format.count(errors),
    'mistakes': (reading, sureness, alternative) => mistakesList(mistakes, { reading, sureness, alternative }, format),
  };
}

/** @param {Json} uses @param {Formats} format @returns {Fillings} */
function usesFillings(uses, format) {
  return {
    'single-count': () => format.count(uses.single_pictures.count),
    'single-right': () => format.tenths(uses.single_pictures.right),
    'postal-right': () => format.tenths(uses.postal_digits.right),
    'pen-right': () => format.tenths(uses.pen_strokes.right),
    'pages-count': () => format.count(uses.pages_and_lines.count),
    'pages-right': () => format.whole(uses.pages_and_lines.right),
    'cheques-count': () => format.count(uses.cheques.count),
    'cheques-right': () => format.whole(uses.cheques.right),
    'letters-accepted': () => format.whole(1 - uses.letters_and_signs.refused),
    'strings-table': (caption, gap, right, apart, touching, overlapping) => table(caption, [gap, right],
      uses.strings_of_5.map((/** @type {Json} */ one) => {
        const words = one.gap > 0 ? apart : one.gap === 0 ? touching : overlapping;
        return [words.replace('{pixels}', format.count(Math.abs(one.gap))), format.tenths(one.right)];
      })),
  };
}

/** The cards say it in words: "the last 5,000 training images, held out". @param {string} [words] 0 where they name no number */
const countIn = (words = '') => Number(/(\d[\d,]*) training images/.exec(words)?.[1].replaceAll(',', '') ?? 0);

/** @param {Json} test */
const errorsOf = ({ confusion }) => DIGITS.reduce((sum, label) =>
  sum + DIGITS.reduce((inRow, answer) => inRow + (answer === label ? 0 : confusion[label][answer]), 0), 0);

/** @param {Json} test @param {number} coverage */
function riskAt(test, coverage) {
  const point = test.risk_coverage.find((/** @type {Json} */ one) => one.coverage === coverage);
  if (!point) throw new Error(`the card does not tell the risk at a coverage of ${coverage}`);
  return point;
}

/** Its first column heads the rows. Cells are HTML. @param {string} caption @param {string[]} titles @param {string[][]} rows */
function table(caption, titles, rows) {
  const head = titles.map((title) => `<th scope="col">${title}</th>`).join('');
  const body = rows.map(([name, ...cells]) =>
    `<tr><th scope="row">${name}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="scroll" role="group" tabindex="0" aria-label="${caption}"><table>\n<caption>${caption}</caption>\n`
    + `<thead><tr>${head}</tr></thead>\n<tbody>\n${body}\n</tbody>\n</table></div>`;
}

/** @param {Json} test @param {string[]} titles caption first @param {Formats} format */
function digitsTable({ per_digit: perDigit, confusion }, [caption, ...titles], format) {
  return table(caption, titles, perDigit.map((/** @type {Json} */ { digit, precision, recall }) => {
    const written = confusion[digit].reduce((/** @type {number} */ sum, /** @type {number} */ count) => sum + count, 0);
    const misread = written - confusion[digit][digit];
    return [String(digit), format.count(written), format.count(misread), format.share(recall), format.share(precision)];
  }));
}

/** The more mistakes, the stronger the cell: accuracy.css has nine strengths. @param {number[][]} confusion @param {string} caption */
function confusionTable(confusion, caption) {
  const most = Math.max(1, ...confusion.flatMap((row, label) => row.filter((_, answer) => answer !== label)));
  const rows = confusion.map((row, label) => {
    const cells = row.map((count, answer) => {
      if (count === 0) return '<td class="none">·</td>';
      // Roots keep single mistakes visible.
      const look = answer === label ? 'right' : `wrong-${Math.ceil(9 * Math.sqrt(count / most))}`;
      return `<td class="${look}">${count}</td>`;
    });
    return `<tr><th scope="row">${label}</th>${cells.join('')}</tr>`;
  });
  return `<div class="confusion scroll" role="group" tabindex="0" aria-label="${caption}"><table>\n<caption>${caption}</caption>\n`
    + `<thead><tr><td></td>${DIGITS.map((digit) => `<th scope="col">${digit}</th>`).join('')}</tr></thead>\n`
    + `<tbody>\n${rows.join('\n')}\n</tbody>\n</table></div>`;
}

/** @param {Json[]} cards the shipped one first @param {string} description @param {Formats} format */
function familyPlot(cards, description, format) {
  return barRows({
    description,
    rows: cards.map(({ network, test }, i) => ({
      name: network.name, value: errorsOf(test), label: format.count(errorsOf(test)), isMain: i === 0,
    })),
  });
}

/** @param {Json} robustness @param {string} kind @param {{ x: string, y: string, description: string }} words @param {Formats} format */
function robustnessPlot(robustness, kind, { x, y, description }, format) {
  const kinds = ['rotation', 'shift', 'scale', 'stroke_width', 'blur', 'noise'];
  const lowest = Math.min(...kinds.flatMap((one) => robustness[one].map((/** @type {Json} */ { accuracy }) => accuracy)));
  // One scale for all six, so that they can be compared.
  const low = lowest < 0.5 ? 0 : 0.5;
  /** @type {[number, number][]} */
  const points = robustness[kind].map((/** @type {Json} */ { setting, accuracy }) => [setting, accuracy]);
  const [first, last] = [points[0][0], points[points.length - 1][0]];
  return linePlot({
    description,
    x: { title: x, low: first, high: last, ticks: roundTicks(first, last), format: format.setting },
    y: { title: y, low, high: 1, ticks: roundTicks(low, 1), format: format.whole },
    points,
  });
}

/** @param {Json[]} mistakes @param {{ reading: string, sureness: string, alternative: string }} words @param {Formats} format */
function mistakesList(mistakes, words, format) {
  const items = mistakes.map(({ index, label, answer, confidence, picture }) => {
    const say = (/** @type {string} */ sentence) => sentence
      .replace('{label}', label).replace('{answer}', answer)
      .replace('{share}', format.tenths(confidence)).replace('{index}', format.count(index));
    return `<li><img src="${escapeHtml(picture)}" alt="${say(words.alternative)}" width="28" height="28">`
      + `<p>${say(words.reading)}</p><p class="soft">${say(words.sureness)}</p></li>`;
  });
  return `<ol class="mistakes" role="list">\n${items.join('\n')}\n</ol>`;
}
