// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { existsSync, lstatSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import {
  assertRefused, linearNetwork, makeSet, names, seedNetwork, sha256, succeed, temporaryFolder, writeSet,
} from './support.mjs';

const folder = temporaryFolder();
const mnist = writeSet(join(folder, 'set'), { test: makeSet(200, { seed: 3 }) });
const labels = [...readFileSync(join(mnist, names.testLabels)).subarray(8)];
const linear = join(folder, 'linear.onnx');
// Little weight, so that it is not sure of anything.
writeFileSync(linear, linearNetwork({ gain: 0.001 }));

const command = (network, ...more) => ['evaluate', network, '--mnist', mnist, '--any-idx', ...more];
const evaluate = (network, ...more) => JSON.parse(succeed(command(network, '--json', ...more)));
const near = (actual, expected, tolerance = 1e-9) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

describe('evaluate --json', () => {
  let result;
  before(() => {
    result = evaluate(seedNetwork); // which never saw bars, and is wrong about most
  });

  it('has the keys that were promised', () => {
    const promised = ['images', 'accuracy', 'interval', 'per_digit', 'confusion', 'log_loss', 'calibration_error',
      'parameters', 'macs', 'file_bytes', 'images_per_second'];
    for (const key of promised) assert.ok(key in result, key);
    for (const key of ['accuracy', 'log_loss', 'calibration_error', 'images_per_second']) {
      assert.ok(Number.isFinite(result[key]) && result[key] >= 0, key);
    }
    assert.deepEqual(result.per_digit.map(({ digit }) => digit), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("knows the network's size and cost", () => {
    const bytes = readFileSync(seedNetwork);
    assert.deepEqual([result.parameters, result.macs, result.file_bytes, result.sha256],
      [77098, 6316992, bytes.length, sha256(bytes)]);
  });

  it('counts in the confusion matrix what it gives as shares', () => {
    const { images, accuracy, interval, confusion, per_digit } = result;
    const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
    assert.equal(images, 200);
    assert.deepEqual(confusion.map(sum), Array(10).fill(20));
    assert.equal(accuracy, sum(confusion.map((row, label) => row[label])) / images);
    assert.ok(accuracy > 0 && accuracy < 1, 'too easy or too hard to show anything');
    assert.ok(interval[0] < accuracy && accuracy < interval[1]);
    for (const { digit, precision, recall } of per_digit) {
      const predicted = sum(confusion.map((row) => row[digit]));
      near(recall, confusion[digit][digit] / 20);
      near(precision, predicted === 0 ? 0 : confusion[digit][digit] / predicted);
    }
  });

  it("has Wilson's interval, and the error among the answers kept", () => {
    const [z, n, p] = [1.959963984540054, 200, result.accuracy];
    const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
    const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
    near(result.interval[0], centre - half);
    near(result.interval[1], centre + half);
    assert.deepEqual(result.risk_coverage.map(({ coverage }) => coverage), [1, 0.995, 0.99, 0.98, 0.95, 0.9]);
    near(result.risk_coverage[0].error, 1 - result.accuracy);
  });

  it('does not depend on the number of threads', () => {
    const other = evaluate(seedNetwork, '--threads', '3');
    assert.deepEqual({ ...other, images_per_second: 0 }, { ...result, images_per_second: 0 });
  });

  it('--limit measures the first images only', () => {
    assert.equal(evaluate(seedNetwork, '--limit', '30').images, 30);
    assert.equal(evaluate(seedNetwork, '--limit', '30').confusion[9].reduce((a, b) => a + b), 3);
    assert.equal(evaluate(seedNetwork, '--limit', '5000').images, 200);
  });
});

describe('a network that ends in scores', () => {
  it('is measured as if a Softmax stood behind it', () => {
    const scores = join(folder, 'scores.onnx');
    writeFileSync(scores, linearNetwork({ gain: 0.001, softmax: false }));
    const { accuracy, log_loss: loss } = evaluate(linear);
    const measured = evaluate(scores);
    assert.equal(measured.accuracy, accuracy);
    assert.equal(measured.log_loss, loss);
  });
});

describe('evaluate --predictions', () => {
  it('writes a line an image that agrees with the figures', () => {
    const file = join(folder, 'new folder', 'predictions.csv');
    const result = evaluate(seedNetwork, '--predictions', file);
    const [head, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    assert.equal(head, 'index,label,predicted,p0,p1,p2,p3,p4,p5,p6,p7,p8,p9');
    assert.equal(lines.length, 200);
    const confusion = Array.from({ length: 10 }, () => Array(10).fill(0));
    let loss = 0;
    lines.forEach((line, i) => {
      const [index, label, predicted, ...probabilities] = line.split(',').map(Number);
      assert.deepEqual([index, label], [i, labels[i]]);
      assert.equal(probabilities[predicted], Math.max(...probabilities));
      near(probabilities.reduce((a, b) => a + b), 1, 1e-5);
      confusion[label][predicted] += 1;
      loss -= Math.log(Math.max(probabilities[label], 1e-12)) / lines.length;
    });
    assert.deepEqual(confusion, result.confusion);
    near(loss, result.log_loss, 1e-6);
  });

  it('is refused where it cannot be written, before anything is measured', () => {
    assertRefused(command(seedNetwork, '--predictions', join(linear, 'p.csv')), /p\.csv: cannot be written/);
    assertRefused(command(seedNetwork, '--predictions', folder), /it is a folder/);
  });

  it('never takes the place of a device', () => {
    // A link stands in for it, so that no test can harm /dev/null itself.
    const link = join(folder, 'null');
    symlinkSync('/dev/null', link);
    assertRefused(command(seedNetwork, '--predictions', link), /null: it is not a regular file/);
    assert.ok(lstatSync(link).isSymbolicLink());
  });
});

describe('evaluate as text', () => {
  it('prints the figures that --json has', () => {
    const text = succeed(command(linear));
    const result = evaluate(linear);
    const percent = (share) => `${(100 * share).toFixed(2)} %`;
    assert.ok(text.startsWith(`accuracy          ${percent(result.accuracy)} of 200 images (95 % interval ` +
      `${percent(result.interval[0])} to ${percent(result.interval[1])})\n`), text);
    assert.match(text, /7,850 parameters, 7,840 multiply-accumulates/);
    for (const { digit, precision, recall } of result.per_digit) {
      assert.match(text, new RegExp(`^ +${digit} +${percent(precision)} +${percent(recall)}$`, 'm'));
    }
    result.confusion.forEach((row, label) => {
      const cells = row.map((count) => (count === 0 ? '\\.' : count)).join(' +');
      assert.match(text, new RegExp(`^ +${label} +${cells}$`, 'm'));
    });
  });
});

describe('evaluate --input', () => {
  const lossWith = (...input) => evaluate(linear, ...input).log_loss;
  it('0..1 is the default, and MEAN,DEVIATION of 0,1 the same', () => {
    assert.equal(lossWith('--input', '0..1'), lossWith());
    assert.equal(lossWith('--input', '0,1'), lossWith());
  });

  it('0..255 gives the network numbers 255 times as large', () => {
    // As 0..1 does for one whose weights are 255 times as large.
    const strong = join(folder, 'strong.onnx');
    writeFileSync(strong, linearNetwork({ gain: 0.255 }));
    assert.notEqual(lossWith('--input', '0..255'), lossWith());
    near(lossWith('--input', '0..255'), evaluate(strong).log_loss, 1e-4);
  });

  it('MEAN,DEVIATION gives it (pixel - mean) / deviation', () =>
    // The bars weigh the same in every class, so only the deviation tells.
    near(lossWith('--input', '0.1307,0.00392156862745098'), lossWith('--input', '0..255'), 1e-3));

  it('of another form is refused with the forms there are', () => {
    for (const wrong of ['0..2', '255', '1,', ',1', '0.5,0', '0.5;0.5', '0.5,0.5,0.5', 'nan,1', '0,inf', '0.1,0.3 ']) {
      assertRefused(command(linear, `--input=${wrong}`), /--input.*it must be 0\.\.1, 0\.\.255 or MEAN,DEVIATION/);
    }
  });

  it("that overflows the network's numbers is refused, not measured", () =>
    assertRefused(command(seedNetwork, '--input', '0,1e-38'), /seed\.onnx: its answer to image 0 is no number.*--input/));
});

describe('a network that evaluate refuses', () => {
  const refused = (name, bytes, line) => {
    const file = join(folder, name);
    writeFileSync(file, bytes);
    assertRefused(command(file), new RegExp(`${name}: .*${line.source}`));
  };
  const good = readFileSync(seedNetwork);

  it('takes other pictures', () =>
    refused('20x20.onnx', linearNetwork({ side: 20 }), /images of 20x20 pixels, these are 28x28/));
  it('is empty', () => refused('empty.onnx', '', /there is nothing in it|it ends too early/));
  it('is cut short anywhere', () => {
    for (const length of [1, 10, 100, 1000, good.length - 1]) refused('cut.onnx', good.subarray(0, length), /./);
  });
  it('is garbage', () => {
    refused('text.onnx', 'This is a letter, not a network.', /./);
    refused('ones.onnx', Buffer.alloc(5000, 0xff), /./);
  });
  it('is not there', () =>
    assertRefused(command(join(folder, 'none.onnx')), /none\.onnx: cannot be opened \(No such file or directory\)/));
  it('is a folder', () => assertRefused(command(folder), /it is a folder, not a file/));
});

describe("MNIST's files", () => {
  const set = makeSet(60, { seed: 4 });
  let number = 0;
  const fresh = (options) => writeSet(join(folder, `set ${++number}`), { test: set, ...options });
  const on = (place, ...more) => ['evaluate', linear, '--mnist', place, '--any-idx', ...more];
  const refused = (name, bytes, line) => {
    const place = fresh();
    writeFileSync(join(place, name), bytes);
    assertRefused(on(place), line);
  };

  it('are read plain and packed alike', () => {
    const figures = (place) => ({ ...JSON.parse(succeed(on(place, '--json'))), images_per_second: 0 });
    assert.deepEqual(figures(fresh({ pack: gzipSync })), figures(fresh()));
  });

  it('of your own need --any-idx', () => {
    const place = fresh();
    const line = /t10k-images-idx3-ubyte: it is not MNIST's published file \(its SHA-256 differs\).*--any-idx/;
    assertRefused(['evaluate', linear, '--mnist', place], line);
    assertRefused(['train', '--mnist', place, '--out', join(place, 'x', 'net.onnx')], /train-images-idx3-ubyte: .*SHA-256/);
    assert.ok(!existsSync(join(place, 'x')));
    const packed = fresh({ pack: gzipSync });
    assertRefused(['evaluate', linear, '--mnist', packed], /t10k-images-idx3-ubyte\.gz: .*SHA-256/);
  });

  it('that are missing are named, with how to get them', () => {
    assertRefused(on(join(folder, 'nowhere')), /nowhere: there is no such folder; .*fetch-mnist/);
    const place = fresh();
    rmSync(join(place, names.testLabels));
    assertRefused(on(place), /neither t10k-labels-idx1-ubyte nor t10k-labels-idx1-ubyte\.gz is there; .*fetch-mnist/);
  });

  it('that are cut short are refused', () => {
    refused(names.testImages, set.images.subarray(0, 1000), /t10k-\*: it ends too early: the images hold 984 bytes/);
    refused(names.testImages, set.images.subarray(0, 7), /the images end within the header/);
    refused(names.testLabels, set.labels.subarray(0, 20), /the labels hold 12 bytes after the header, which announces 60/);
    refused(names.testLabels, '', /the labels end within the header/);
  });

  it('that are something else are refused', () => {
    refused(names.testImages, set.labels, /the images do not begin with the magic number/);
    refused(names.testImages, Buffer.concat([set.images, Buffer.from('more')]), /the images hold/);
    refused(names.testLabels, makeSet(50).labels, /there are 60 images but 50 labels/);
    const wrongLabel = Buffer.from(set.labels);
    wrongLabel[8 + 7] = 10;
    refused(names.testLabels, wrongLabel, /label 7 is 10, not a digit/);
    const huge = Buffer.from(set.images);
    huge.fill(0xff, 4, 16);
    refused(names.testImages, huge, /it is too large/);
    assertRefused(on(writeSet(join(folder, 'none'), { test: makeSet(0) })), /there are no test images/);
  });

  it('in a damaged .gz are refused', () => {
    const packedWith = (change) => {
      const place = fresh({ pack: gzipSync });
      const file = join(place, `${names.testImages}.gz`);
      writeFileSync(file, change(readFileSync(file)));
      return place;
    };
    const flip = (bytes, at) => bytes.map((byte, i) => (i === at ? byte ^ 0x55 : byte));
    const line = (why) => new RegExp(`t10k-images-idx3-ubyte\\.gz: the compressed file ${why}`);
    assertRefused(on(packedWith((bytes) => bytes.subarray(0, 500))), line('ends too early'));
    assertRefused(on(packedWith(() => '')), line('ends too early'));
    assertRefused(on(packedWith((bytes) => flip(bytes, 0))), line('is damaged'));
    assertRefused(on(packedWith((bytes) => flip(bytes, bytes.length - 6))), line('is damaged')); // its checksum
  });
});

const realMnist = process.env.INKREAD_MNIST;
describe('the shipped networks', () => {
  const weights = join(seedNetwork, '..');
  const cards = [weights, join(weights, 'teachers')].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name)),
  );
  for (const path of cards) {
    const card = JSON.parse(readFileSync(path, 'utf8'));
    const file = join(path, '..', card.file);
    it(`${card.file} is the file that its card is about`, () => {
      const bytes = readFileSync(file);
      assert.deepEqual([card.network.sha256, card.network.file_bytes], [sha256(bytes), bytes.length]);
    });

    const skip = realMnist ? false : 'SKIPPED: INKREAD_MNIST does not name a folder with MNIST';
    it(`${card.file} gives its card's figures on MNIST`, { skip }, () => {
      const result = JSON.parse(succeed(['evaluate', file, '--mnist', realMnist, '--json']));
      assert.equal(result.accuracy, card.test.accuracy);
      assert.deepEqual(result.confusion, card.test.confusion);
      near(result.log_loss, card.test.log_loss, 1e-6);
    });
  }
});
