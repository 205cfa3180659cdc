// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { assertRefused, linearNetwork, makeSet, seedNetwork, succeed, temporaryFolder, writeSet } from './support.mjs';

const folder = temporaryFolder();
const mnist = writeSet(join(folder, 'set'), { test: makeSet(120, { seed: 5 }) });
const network = join(folder, 'bars & <b>bold.onnx');
writeFileSync(network, linearNetwork({ gain: 0.001 }));
const small = join(folder, 'small.onnx');
writeFileSync(small, linearNetwork({ gain: 0.02 }));

const onSet = ['--mnist', mnist, '--any-idx'];
const read = (...path) => readFileSync(join(...path), 'utf8');
const near = (actual, expected) => assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;

/** The page stands alone, its tables have headings and its pictures words. */
function assertSelfContained(html) {
  assert.match(html, /^<!doctype html>\n<html lang="en">/);
  assert.match(html, /Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/);
  assert.doesNotMatch(html, /https?:|<script|<link|<iframe|@import|url\(|\son[a-z]+=/i);
  for (const [, address] of html.matchAll(/\s(?:src|href)="([^"]*)"/g)) assert.match(address, /^data:image\/png;base64,/);
  for (const [tag] of html.matchAll(/<th\b[^>]*>/g)) assert.match(tag, /scope="(row|col)"/);
  for (const [tag] of html.matchAll(/<img\b[^>]*>/g)) assert.match(tag, /alt="[^"]+"/);
  for (const [tag] of html.matchAll(/<svg\b[^>]*>/g)) assert.match(tag, /role="img" aria-label="[^"]+"|aria-hidden="true"/);
  assert.doesNotMatch(html, /\b(nan|inf)\b/i);
}

describe('evaluate --report', () => {
  const place = join(folder, 'new', 'report');
  let plain;
  let printed;
  let numbers;
  let html;
  before(() => {
    const command = ['evaluate', network, ...onSet, '--json'];
    plain = JSON.parse(succeed(command));
    printed = JSON.parse(succeed([...command, '--report', place]));
    numbers = JSON.parse(read(place, 'report.json'));
    html = read(place, 'index.html');
  });

  it('writes a page and its numbers, and nothing else', () => {
    assert.deepEqual(readdirSync(place).sort(), ['index.html', 'report.json']);
    assertSelfContained(html);
  });

  it('prints with --json what it writes, with all that evaluate has without it', () => {
    assert.deepEqual(printed, numbers);
    for (const key of Object.keys(plain)) {
      if (key !== 'images_per_second') assert.deepEqual(numbers[key], plain[key], key);
    }
  });

  it('measures under no change what evaluate measures', () => {
    const { robustness } = numbers;
    const unchanged = { rotation: 0, shift: 0, scale: 1, stroke_width: 0, blur: 0, noise: 0 };
    for (const [key, setting] of Object.entries(unchanged)) {
      const point = robustness[key].find((each) => each.setting === setting);
      assert.equal(point.accuracy, plain.accuracy, key);
    }
  });

  it('covers the ranges and names three means over them', () => {
    const { robustness } = numbers;
    const settings = (key) => robustness[key].map(({ setting }) => setting);
    assert.deepEqual(settings('rotation'), [-30, -25, -20, -15, -10, -5, 0, 5, 10, 15, 20, 25, 30]);
    assert.deepEqual(settings('shift'), [0, 1, 2, 3, 4, 5, 6]);
    assert.deepEqual(settings('scale'), [0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4]);
    const over = (key, wanted) =>
      mean(robustness[key].filter(({ setting }) => wanted(setting)).map(({ accuracy }) => accuracy));
    near(robustness.rotation_15_mean, over('rotation', (degrees) => degrees !== 0 && Math.abs(degrees) <= 15));
    near(robustness['scale_0.7_1.3_mean'], over('scale', (factor) => factor !== 1 && factor >= 0.7 && factor <= 1.3));
    const farther = ({ dx, dy }) => Math.max(Math.abs(dx), Math.abs(dy));
    const sampled = robustness.shift_offsets.filter((offset) => [2, 3, 4].includes(farther(offset)));
    assert.equal(sampled.length, 32);
    near(robustness.shift_4_mean, mean(sampled.map(({ accuracy }) => accuracy)));
    for (const distance of [1, 5, 6]) {
      const ring = robustness.shift_offsets.filter((offset) => farther(offset) === distance);
      assert.equal(ring.length, 8);
      near(robustness.shift[distance].accuracy, mean(ring.map(({ accuracy }) => accuracy)));
    }
    // A network that knows bars by their places must mind when they move.
    assert.ok(robustness.shift[3].accuracy < plain.accuracy);
  });

  it('has the calibration behind its error, and the curve behind its refusals', () => {
    const { reliability, calibration_error: error, images, accuracy, risk_curve: curve } = numbers;
    assert.equal(reliability.length, 15);
    assert.equal(reliability.reduce((sum, bin) => sum + bin.images, 0), images);
    near(reliability.reduce((sum, bin) => sum + (bin.images / images) * Math.abs(bin.confidence - bin.accuracy), 0), error);
    assert.equal(curve.length, images);
    near(curve.at(-1).error, 1 - accuracy);
    assert.equal(curve.at(-1).coverage, 1);
  });

  it('shows the worst mistakes, the most confident first', () => {
    const seed = join(folder, 'seed report');
    const { mistakes, errors, confusion } =
      JSON.parse(succeed(['evaluate', seedNetwork, ...onSet, '--limit', '90', '--json', '--report', seed]));
    assert.ok(errors > 60, 'too few mistakes to be cut');
    assert.equal(errors, confusion.flat().reduce((a, b) => a + b) - confusion.reduce((sum, row, i) => sum + row[i], 0));
    assert.equal(mistakes.length, 60);
    const page = read(seed, 'index.html');
    assertSelfContained(page);
    assert.equal(page.match(/<img /g).length, 60);
    mistakes.forEach(({ index, label, answer, confidence, second_guess: second, probabilities, picture }, i) => {
      assert.equal(label, index % 10);
      assert.notEqual(answer, label);
      const ranked = [...probabilities].sort((a, b) => b - a);
      assert.deepEqual([probabilities[answer], probabilities[second]], ranked.slice(0, 2));
      near(confidence, ranked[0]);
      assert.ok(i === 0 || mistakes[i - 1].confidence >= confidence);
      assert.ok(page.includes(`alt="Test image ${index}, a ${label} read as ${answer}" src="${picture}"`));
      assert.match(picture, /^data:image\/png;base64,/);
    });
  });

  it('says the figures on the page', () => {
    const percent = (share) => `${(100 * share).toFixed(2)}\u00a0%`;
    const { robustness } = numbers;
    for (const share of [numbers.accuracy, ...numbers.interval, robustness.rotation_15_mean, robustness.shift_4_mean,
      robustness['scale_0.7_1.3_mean']]) {
      assert.ok(html.includes(percent(share)), percent(share));
    }
  });

  it("shows a file's name as it is", () => {
    assert.ok(html.includes('What bars &amp; &lt;b&gt;bold.onnx can read'));
    assert.ok(!html.includes('<b>bold'));
  });

  it('is the same whatever the number of threads', () => {
    const other = join(folder, 'other');
    succeed(['evaluate', network, ...onSet, '--threads', '3', '--report', other]);
    assert.equal(read(other, 'index.html'), html);
  });

  it('prints the three means as text', () => {
    const text = succeed(['evaluate', network, ...onSet, '--report', join(folder, 'text')]);
    assert.match(text, /^turned up to 15 degrees +\d+\.\d\d %$/m);
    assert.match(text, /^shifted up to 4 pixels +\d+\.\d\d %$/m);
    assert.match(text, /^0\.7 to 1\.3 times the size +\d+\.\d\d %$/m);
    assert.match(text, /^wrote .*index\.html$/m);
  });

  it('is refused where it cannot be written, or for pictures of another size, before anything is measured', () => {
    assertRefused(['evaluate', network, ...onSet, '--report', small], /small\.onnx.*index\.html: cannot be written/);
    const tiny = join(folder, 'tiny.onnx');
    writeFileSync(tiny, linearNetwork({ side: 20 }));
    const set = writeSet(join(folder, 'tiny set'), { test: makeSet(20, { side: 20 }) });
    const never = join(folder, 'never');
    assertRefused(['evaluate', tiny, '--mnist', set, '--any-idx', '--report', never],
      /--report .*: it changes images of 28x28 pixels, these are 20x20/);
    assert.ok(!existsSync(never));
  });
});

describe('the learning curve', () => {
  const card = JSON.parse(read(seedNetwork.replace(/\.onnx$/, '.json')));
  let number = 0;
  /** The report on the seed network beside this card (an object or text; none if undefined). */
  function reportWith(content) {
    const place = join(folder, `card ${++number}`);
    mkdirSync(place);
    const file = join(place, 'net.onnx');
    copyFileSync(seedNetwork, file);
    if (content !== undefined) {
      writeFileSync(join(place, 'net.json'), typeof content === 'string' ? content : JSON.stringify(content));
    }
    const out = join(place, 'report');
    const numbers = JSON.parse(succeed(['evaluate', file, ...onSet, '--limit', '5', '--json', '--report', out]));
    const html = read(out, 'index.html');
    assertSelfContained(html);
    return { curve: numbers.learning_curve, html };
  }
  const without = (content, sentence) => {
    const { curve, html } = reportWith(content);
    assert.deepEqual(curve, []);
    assert.match(html, sentence);
  };

  it('comes from the card beside the weights', () => {
    const { curve, html } = reportWith(card);
    assert.deepEqual(curve, card.training.curve);
    assert.match(html, /Validation: the test images, followed and never used to choose\./);
  });
  it('escapes what the card says', () => {
    const { html } = reportWith({ ...card, training: { ...card.training, validation: '<b>some</b> images' } });
    assert.ok(html.includes('Validation: &lt;b&gt;some&lt;/b&gt; images.'));
  });
  it('is missing without a card, with a sentence', () => without(undefined, /There is no card net\.json beside the weights/));
  it('is missing with the card of other weights', () =>
    without({ ...card, network: { ...card.network, sha256: '0' } }, /is about another file/));
  it('is missing with a damaged card, or one without a curve', () => {
    without('{"network": ', /is damaged/);
    without('[1, 2]', /is damaged/);
    without({ ...card, training: { ...card.training, curve: [{ epoch: 'one' }] } }, /is damaged/);
    without({ ...card, training: { ...card.training, curve: [] } }, /holds no learning curve/);
    const [first] = card.training.curve;
    const impossible = { ...first, train_loss: -1 };
    without({ ...card, training: { ...card.training, curve: [impossible] } }, /holds no learning curve/);
  });
});

describe('compare', () => {
  const files = [small, seedNetwork, network];
  const compare = (...more) => ['compare', ...files, ...onSet, ...more];

  it('--json measures all files in the order asked, as evaluate does', () => {
    const { images, networks } = JSON.parse(succeed(compare('--json')));
    assert.equal(images, 120);
    assert.deepEqual(networks.map(({ file }) => file), files);
    assert.deepEqual(networks.map(({ name }) => name), ['small', 'seed', 'bars & <b>bold']);
    for (const each of networks) {
      const alone = JSON.parse(succeed(['evaluate', each.file, ...onSet, '--json']));
      for (const key of ['accuracy', 'interval', 'parameters', 'macs', 'file_bytes', 'sha256', 'calibration_error', 'log_loss']) {
        assert.deepEqual(each[key], alone[key], key);
      }
      near(each.errors, Math.round((1 - alone.accuracy) * images));
    }
    // 800 times the work takes longer.
    const [little, much] = networks.map(({ microseconds }) => microseconds);
    assert.ok(little > 0 && much > little);
  });

  it('prints a line a network', () => {
    const [head, ...lines] = succeed(compare()).split('\n');
    assert.match(head, /^network +accuracy +95 % interval +errors/);
    assert.match(lines[0], /^small .* 7,850 +7,840 /);
    assert.match(lines[1], /^seed .* 77,098 +6,316,992 /);
    assert.match(lines[2], /^bars & <b>bold .* 7,850 /);
  });

  it('--report writes a page with the table and two plots, and its numbers', () => {
    const place = join(folder, 'comparison');
    const printed = JSON.parse(succeed(compare('--json', '--report', place)));
    assert.deepEqual(JSON.parse(read(place, 'report.json')), printed);
    const html = read(place, 'index.html');
    assertSelfContained(html);
    assert.equal(html.match(/<svg /g).length, 2);
    assert.deepEqual([...html.matchAll(/<th scope="row"[^>]*>([^<]*)</g)].map((match) => match[1]),
      ['small', 'seed', 'bars &amp; &lt;b&gt;bold']);
  });

  it('names points by numbers where many names would not fit', () => {
    const place = join(folder, 'many');
    succeed(['compare', ...Array(9).fill(small), ...onSet, '--limit', '10', '--report', place]);
    const html = read(place, 'index.html');
    assertSelfContained(html);
    assert.match(html, /<th scope="row"[^>]*>9\. small</);
    assert.match(html, /class="name">9</);
  });

  it('refuses a file that is no network, before anything is measured', () => {
    const bad = join(folder, 'bad.onnx');
    writeFileSync(bad, 'This is a letter, not a network.');
    const place = join(folder, 'no comparison');
    assertRefused([...compare('--report', place), bad], /bad\.onnx: it is damaged/);
    assertRefused(['compare', small, join(folder, 'none.onnx'), ...onSet], /none\.onnx: cannot be opened/);
    const tiny = join(folder, 'other size.onnx');
    writeFileSync(tiny, linearNetwork({ side: 20 }));
    assertRefused(['compare', small, tiny, ...onSet], /other size\.onnx: it takes images of 20x20 pixels, these are 28x28/);
    assert.ok(!existsSync(place));
    assertRefused(compare('--report', small), /small\.onnx.*index\.html: cannot be written/);
    assertRefused(['compare', ...onSet], /FILE is required/, { code: 2 });
  });
});
