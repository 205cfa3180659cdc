// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { blankPicture, drawPicture, drawings, encodePng, strokesOf, strokesOfText, turnedLeft } from '../support/pictures.mjs';
import {
  TRAP, engineWithMemory, exit, fakeEngine, inkreadError, openReader,
} from './support.mjs';

let reader;
before(async () => {
  reader = await openReader();
});
after(() => reader.dispose());

/** `n` different images of grey values. */
const greyImages = (n) => Float32Array.from({ length: n * 784 }, (_, i) => ((i * 7919) % 997) / 996);

const near = (actual, expected, tolerance) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

/** What every Reading promises, whatever was read. */
function assertWellFormed(reading) {
  assert.equal(reading.accepted, reading.reason === null);
  assert.ok(reading.reason === null || ['nothing', 'unsure', 'not-a-digit'].includes(reading.reason));
  assert.ok(reading.confidence >= 0 && reading.confidence <= 1);
  for (const { label, confidence, box, style, alternatives, tile } of reading.digits) {
    assert.match(label, /^[0-9]$/);
    assert.equal(new Set([label, ...alternatives.map((other) => other.label)]).size, 10);
    const confidences = [confidence, ...alternatives.map((other) => other.confidence)];
    assert.deepEqual(confidences, [...confidences].sort((a, b) => b - a));
    near(confidences.reduce((sum, value) => sum + value), 1, 1e-5);
    assert.equal(box.length, 4);
    assert.ok(box.every(Number.isFinite) && box[2] > 0 && box[3] > 0);
    assert.ok(Math.abs(style.slant) <= 90 && Math.abs(style.tilt) <= 90);
    assert.ok(style.strokeWidth > 0 && style.strokeWidth <= Math.max(style.width, style.height));
    assert.ok(style.width <= box[2] * 1.01 && style.height <= box[3] * 1.01, `${style.width}, ${style.height} in ${box}`);
    assert.ok(Number.isInteger(style.loops) && style.loops >= 0);
    assert.ok(tile instanceof Float32Array && tile.length === 784);
    assert.ok(tile.every((value) => value >= 0 && value <= 1) && tile.some((value) => value > 0));
  }
  assert.equal(reading.text.replaceAll('\n', ''), reading.digits.map(({ label }) => label).join(''));
  const likelihoods = reading.alternatives.map((other) => other.confidence);
  assert.deepEqual(likelihoods, [...likelihoods].sort((a, b) => b - a));
  assert.ok(likelihoods.every((value) => value >= 0 && value <= 1));
  assert.equal(new Set([reading.text, ...reading.alternatives.map(({ text }) => text)]).size, likelihoods.length + 1);
  assert.ok(Array.isArray(reading.marks));
}

/** Whether the inner box lies in the outer one, give or take. Both are [x, y, width, height]. */
function assertWithin(inner, outer, tolerance) {
  for (const axis of [0, 1]) {
    assert.ok(inner[axis] >= outer[axis] - tolerance, `${inner} in ${outer}`);
    assert.ok(inner[axis] + inner[axis + 2] <= outer[axis] + outer[axis + 2] + tolerance, `${inner} in ${outer}`);
  }
}

/** [x, y, width, height] of strokes. */
function extentOf(strokes) {
  const [xs, ys] = [0, 1].map((axis) => strokes.flat().map((point) => point[axis]));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return [x, y, Math.max(...xs) - x, Math.max(...ys) - y];
}

describe('probabilities', () => {
  it('are ten an image and add up to 1', () => {
    const answers = reader.probabilities(greyImages(3), 3);
    assert.ok(answers instanceof Float32Array);
    assert.equal(answers.length, 30);
    for (let i = 0; i < 3; ++i) {
      const answer = answers.subarray(i * 10, i * 10 + 10);
      assert.ok(answer.every((value) => value >= 0 && value <= 1));
      near(answer.reduce((sum, value) => sum + value), 1, 1e-5);
    }
  });

  it('of no image are none', () => assert.equal(reader.probabilities(new Float32Array(), 0).length, 0));

  it('do not depend on how many images come along', () => {
    const n = 600; // more than two batches
    const images = greyImages(n);
    const copy = images.slice();
    const together = reader.probabilities(images, n);
    assert.deepEqual(images, copy);
    for (const i of [0, 1, 255, 256, 511, 512, 599]) {
      const alone = reader.probabilities(images.subarray(i * 784, (i + 1) * 784), 1);
      alone.forEach((value, digit) => near(together[i * 10 + digit], value, 1e-6));
    }
  });

  it('refuse sizes that do not fit', () => {
    const refusals = [
      [784, 2, 'shape-mismatch'],
      [783, 1, 'shape-mismatch'],
      [0, 1, 'shape-mismatch'],
      [784, 0, 'shape-mismatch'],
      [784, 2 ** 32 + 1, 'shape-mismatch'],
      [784, Number.MAX_SAFE_INTEGER, 'shape-mismatch'],
      [784, -1, 'invalid-argument'],
      [784, 1.5, 'invalid-argument'],
      [784, NaN, 'invalid-argument'],
      [784, Infinity, 'invalid-argument'],
    ];
    for (const [length, n, code] of refusals) {
      assert.throws(() => reader.probabilities(new Float32Array(length), n), inkreadError(code));
    }
  });

  it('refuse values that are not finite', () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      for (const image of [0, 299]) {
        const images = greyImages(300);
        images[image * 784 + 783] = value;
        assert.throws(() => reader.probabilities(images, 300), inkreadError('not-finite'));
      }
    }
  });

  it('refuse other types', () => {
    for (const images of [new Float64Array(784), Array(784).fill(0), null, undefined]) {
      assert.throws(() => reader.probabilities(images, 1), TypeError);
    }
    assert.throws(() => reader.probabilities(new Float32Array(784), '1'), TypeError);
  });
});

describe('strokes', () => {
  for (const { label, strokes } of drawings) {
    it(`of a ${label} read as ${label}`, () => {
      const reading = reader.readStrokes(strokes);
      assertWellFormed(reading);
      assert.equal(reading.text, label);
      assert.ok(reading.accepted);
      assert.equal(reading.digits.length, 1);
      assert.deepEqual([reading.width, reading.height], [0, 0]);
    });
  }

  it('tell digits apart that were written over each other', () => {
    for (const text of ['37', '504', '4190', '2758']) {
      assert.equal(reader.readStrokes(strokesOfText(text, 60), { layout: 'line' }).text, text);
    }
  });

  it('may carry time and pressure', () => {
    const { strokes } = drawings[3];
    const rich = strokes.map((stroke) => stroke.map(([x, y], i) => [x, y, i * 8, 0.5]));
    assert.deepEqual(reader.readStrokes(rich), reader.readStrokes(strokes));
  });

  it('that are none read as nothing', () => {
    for (const none of [[], [[]], [[], []]]) {
      const reading = reader.readStrokes(none);
      const { text, accepted, reason, digits } = reading;
      assert.deepEqual({ text, accepted, reason, digits }, { text: '', accepted: false, reason: 'nothing', digits: [] });
    }
  });

  it('refuse positions that are not finite, in single precision too', () => {
    for (const value of [NaN, Infinity, 1e300]) {
      assert.throws(() => reader.readStrokes([[[0, 0], [value, 1]]]), inkreadError('not-finite', /^the strokes/));
    }
  });

  it('refuse more than a drawing may have', () => {
    assert.throws(() => reader.readStrokes(Array(10_001).fill([[0, 0]])), inkreadError('too-large'));
    assert.throws(() => reader.readStrokes([Array(1_000_001).fill([0, 0])]), inkreadError('too-large'));
  });

  it('refuse other types, and say where', () => {
    assert.throws(() => reader.readStrokes('1'), TypeError);
    assert.throws(() => reader.readStrokes([[[0, 0]], 7]), /strokes\[1\]/);
    assert.throws(() => reader.readStrokes([[[0, 0], [1]]]), /strokes\[0\]\[1\]/);
    assert.throws(() => reader.readStrokes([[null]]), TypeError);
    assert.throws(() => reader.readStrokes([[['0', '0']]]), TypeError);
  });
});

describe('pictures', () => {
  for (const { label, strokes } of drawings) {
    it(`of a ${label} read as ${label}, as a file and as pixels`, () => {
      const picture = drawPicture(strokes);
      const reading = reader.readImage(picture);
      assertWellFormed(reading);
      assert.equal(reading.text, label);
      assert.deepEqual([reading.width, reading.height], [picture.width, picture.height]);
      assert.deepEqual(reader.readImage(encodePng(picture)), reading);
    });
  }

  it('are taken as an ArrayBuffer and as a part of one', () => {
    const file = encodePng(drawPicture(drawings[2].strokes));
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    assert.deepEqual(reader.readImage(shifted.subarray(3)), reader.readImage(new Uint8Array(file).buffer));
  });

  it('without ink read as nothing', () => {
    const reading = reader.readImage(blankPicture(64, 48));
    const { text, accepted, reason, digits, width, height } = reading;
    assert.deepEqual(
      { text, accepted, reason, digits, width, height },
      { text: '', accepted: false, reason: 'nothing', digits: [], width: 64, height: 48 },
    );
    assert.equal(reader.readImage(blankPicture(1, 1)).reason, 'nothing');
  });

  it('that are no pictures are refused', () => {
    assert.throws(() => reader.readImage(new Uint8Array()), inkreadError('empty'));
    assert.throws(() => reader.readImage(new ArrayBuffer(0)), inkreadError('empty'));
    assert.throws(() => reader.readImage(Buffer.from('these bytes are no picture')), inkreadError('not-an-image'));
    const file = encodePng(drawPicture(drawings[0].strokes));
    for (const cut of [10, 33, 50, file.length >> 1]) {
      assert.throws(() => reader.readImage(file.subarray(0, cut)), (error) => {
        return ['truncated', 'malformed', 'not-an-image'].includes(error.code) && /^the picture/.test(error.message);
      });
    }
  });

  it('whose sizes do not fit are refused', () => {
    const pixels = (bytes, width, height) => ({ data: new Uint8ClampedArray(bytes), width, height });
    const refusals = [
      [pixels(0, 0, 0), 'empty'],
      [pixels(0, 0, 5), 'empty'],
      [pixels(16, 2, 3), 'shape-mismatch'],
      [pixels(15, 2, 2), 'shape-mismatch'],
      [pixels(16, 2 ** 31, 2 ** 31), 'shape-mismatch'],
      [pixels(16, 2 ** 16, 2 ** 16), 'shape-mismatch'], // 2^32 pixels: 0 in 32 bits
      [pixels(16, 2 ** 32 + 2, 2), 'invalid-argument'],
      [pixels(16, -2, 2), 'invalid-argument'],
      [pixels(16, 2.5, 2), 'invalid-argument'],
      [pixels(16, NaN, 2), 'invalid-argument'],
    ];
    for (const [picture, code] of refusals) {
      assert.throws(() => reader.readImage(picture), inkreadError(code), JSON.stringify([picture.width, picture.height]));
    }
    const huge = new Uint8Array(600 << 20); // the engine's memory ends at 512 MiB
    assert.throws(() => reader.readImage(huge), inkreadError('too-large'));
  });

  it('of other types are refused', () => {
    for (const picture of [null, undefined, 7, 'x', {}, { data: [1, 2, 3, 4], width: 1, height: 1 }, new Float32Array(4)]) {
      assert.throws(() => reader.readImage(picture), TypeError);
    }
    assert.throws(() => reader.readImage({ data: new Uint8ClampedArray(4), width: '1', height: 1 }), TypeError);
  });
});

const one = strokesOfText('3');
const two = strokesOfText('37');

describe('numbers', () => {
  const [three, seven] = [two.slice(0, one.length), two.slice(one.length)];

  it('of two drawn digits read in order, in boxes beside each other', () => {
    const reading = reader.readStrokes(two);
    assertWellFormed(reading);
    assert.equal(reading.text, '37');
    assert.deepEqual(reading.digits.map(({ label }) => label), ['3', '7']);
    const [left, right] = reading.digits.map(({ box }) => box);
    assert.ok(left[0] + left[2] < right[0], `${left} and ${right}`);
    assertWithin(left, extentOf(three), 15);
    assertWithin(right, extentOf(seven), 15);
  });

  it('in a picture have boxes around their ink', () => {
    const options = { scale: 2, pen: 9, margin: 40 };
    const reading = reader.readImage(encodePng(drawPicture(two, options)));
    assertWellFormed(reading);
    assert.equal(reading.text, '37');
    for (const [i, strokes] of [three, seven].entries()) {
      const [x, y, width, height] = extentOf(strokes).map((value) => value * options.scale);
      const ink = [x + options.margin - 9, y + options.margin - 9, width + 18, height + 18];
      assertWithin(reading.digits[i].box, ink, 4);
      assertWithin(ink, reading.digits[i].box, 4);
    }
  });

  it('below each other are lines', () => {
    const below = two.map((stroke) => stroke.map(([x, y]) => [x, y + 260]));
    const reading = reader.readStrokes([...two, ...below]);
    assertWellFormed(reading);
    assert.equal(reading.text, '37\n37');
    assert.ok(reading.digits[0].box[1] < reading.digits[2].box[1]);
  });

  it('are read by the layout that is asked for', () => {
    assert.equal(reader.readStrokes(two, { layout: 'single' }).digits.length, 1);
    assert.equal(reader.readImage(drawPicture(two), { layout: 'single' }).digits.length, 1);
    for (const layout of ['auto', 'line', 'page']) {
      assert.equal(reader.readStrokes(two, { layout }).text, '37', layout);
      assert.equal(reader.readImage(drawPicture(two), { layout }).text, '37', layout);
    }
    assert.deepEqual(reader.readStrokes(two, {}), reader.readStrokes(two));
  });

  it('are refused in a layout that there is not', () => {
    for (const layout of ['lines', '', 0]) {
      assert.throws(() => reader.readStrokes(two, { layout }), TypeError);
      assert.throws(() => reader.readImage(drawPicture(two), { layout }), TypeError);
    }
    assert.throws(() => reader.readStrokes(two, { layout: 'lines' }), /no layout "lines".*auto, single, line, page/);
  });
});

describe('a part of a picture', () => {
  const picture = drawPicture(two);
  const right = { crop: [0.5, 0, 0.5, 1] };

  it('is read alone, with boxes in its own pixels', () => {
    for (const given of [picture, encodePng(picture)]) {
      const reading = reader.readImage(given, { view: right });
      assertWellFormed(reading);
      assert.equal(reading.text, '7');
      assert.ok(Math.abs(reading.width - picture.width / 2) <= 1);
      assert.equal(reading.height, picture.height);
      const [x, , width] = reader.readImage(given).digits[1].box;
      near(reading.digits[0].box[0], x - (picture.width - reading.width), 2);
      near(reading.digits[0].box[2], width, 2);
    }
  });

  it('is that of the turned picture', () => {
    const turned = turnedLeft(picture);
    assert.equal(reader.readImage(turned, { view: { turn: 90 } }).text, '37');
    assert.equal(reader.readImage(turned, { view: { turn: 90, ...right } }).text, '7');
    assert.deepEqual(reader.readImage(turned, { view: { turn: 90 } }), reader.readImage(picture));
    assert.equal(reader.readImage(turnedLeft(turned), { view: { turn: 180 } }).text, '37');
    assert.equal(reader.readImage(turnedLeft(turnedLeft(turned)), { view: { turn: 270 } }).text, '37');
  });

  it('that is none is refused', () => {
    for (const turn of [45, '90', NaN]) assert.throws(() => reader.readImage(picture, { view: { turn } }), TypeError);
    for (const crop of [[0, 0, 1], 'all', [0, 0, '1', 1]]) assert.throws(() => reader.readImage(picture, { view: { crop } }), TypeError);
    for (const crop of [[0, 0, 0, 1], [0.6, 0, 0.5, 1], [0, -0.5, 1, 1], [0, 0, NaN, 1], [0, 0, 1, Infinity]]) {
      assert.throws(() => reader.readImage(picture, { view: { crop } }), inkreadError('invalid-argument', /no part of the picture/));
    }
  });
});

describe('a digit\'s way through the network', () => {
  it('ends in the probabilities that its reading has', () => {
    const [digit] = reader.readStrokes(strokesOf('3')).digits;
    const { layers, influence } = reader.explain(digit.tile, digit.label);
    assert.equal(layers[0].op, 'Conv');
    assert.equal(layers[0].filters.weights.length, layers[0].channels * layers[0].filters.height * layers[0].filters.width);
    for (const { channels, height, width, values } of layers) assert.equal(values.length, channels * height * width);
    const last = layers[layers.length - 1];
    assert.equal(last.op, 'Softmax');
    near(last.values[3], digit.confidence, 1e-6);
    assert.equal(influence.length, 784);
    assert.ok(Math.max(...influence) > 0.01);
    digit.tile.forEach((ink, i) => { if (ink === 0 && i < 28) assert.equal(influence[i], 0); });
  });

  it('is not asked of anything but a tile and a digit', () => {
    const tile = new Float32Array(784);
    assert.throws(() => reader.explain([], '3'), TypeError);
    assert.throws(() => reader.explain(tile, 'a'), TypeError);
    assert.throws(() => reader.explain(tile.subarray(1), '3'), inkreadError('shape-mismatch'));
    assert.throws(() => reader.explain(tile.fill(NaN), '3'), inkreadError('not-finite'));
  });
});

describe('the ink of a reading', () => {
  it('is there where it was asked for, and lies where the boxes are', () => {
    assert.equal(reader.readStrokes(strokesOf('3')).ink, undefined);
    const picture = drawPicture(strokesOf('3'));
    for (const reading of [reader.readStrokes(strokesOf('3'), { ink: true }), reader.readImage(picture, { ink: true })]) {
      const { width, height, values, box } = reading.ink;
      assert.equal(values.length, width * height);
      const scale = width / box[2];
      const [x, y, w, h] = reading.digits[0].box;
      const inside = (px, py) => px >= x - 1 && px <= x + w + 1 && py >= y - 1 && py <= y + h + 1;
      let inkInside = 0;
      let inkOutside = 0;
      values.forEach((value, i) => {
        if (value < 128) return;
        if (inside(box[0] + (i % width) / scale, box[1] + Math.floor(i / width) / scale)) ++inkInside;
        else ++inkOutside;
      });
      assert.ok(inkInside > 100 && inkOutside === 0, `${inkInside} and ${inkOutside}`);
    }
    assert.equal(reader.readImage(picture).ink, undefined);
  });
});

describe('the style of a digit', () => {
  it('tells slant, pen, size and loops of a picture in its pixels', () => {
    const styles = [0, 1, 8].map((digit) => reader.readImage(drawPicture(drawings[digit].strokes, { pen: 8 })).digits[0].style);
    assert.deepEqual(styles.map(({ loops }) => loops), [1, 0, 2]);
    for (const { strokeWidth } of styles) near(strokeWidth, 16, 1);
  });

  it('has the slant of the writing, not of the digit\'s form', () => {
    const tangentOf = (strokes) => {
      const { text, digits } = reader.readImage(drawPicture(strokes, { margin: 80 }), { layout: 'single' });
      return [text, Math.tan(digits[0].style.slant * Math.PI / 180)];
    };
    for (const { label, strokes } of drawings) {
      const [, upright] = tangentOf(strokes);
      if (label !== '6' && label !== '7') near(upright, 0, 0.14); // whose stems really lean
      const [text, leaning] = tangentOf(strokes.map((stroke) => stroke.map(([x, y]) => [x + 0.25 * (100 - y), y])));
      assert.equal(text, label);
      near(leaning - upright, 0.25, 0.04); // give or take the round pen
    }
  });

  it('is the same drawn and in a picture, sizes in their units', () => {
    const drawn = reader.readStrokes(two);
    const pen = drawn.digits[0].style.strokeWidth; // half of it in units of which each is two pixels
    const pictured = reader.readImage(drawPicture(two, { scale: 2, pen }));
    assert.deepEqual([drawn.text, pictured.text], ['37', '37']);
    drawn.digits.forEach(({ style }, i) => {
      const other = pictured.digits[i].style;
      near(style.slant, other.slant, 2);
      near(style.tilt, other.tilt, 2);
      for (const length of ['strokeWidth', 'width', 'height']) near(style[length], other[length] / 2, 2);
      assert.equal(style.loops, other.loops);
    });
  });

  it('of a line that climbs has its tilt', () => {
    const climbing = two.map((stroke) => stroke.map(([x, y]) => [x, y - 0.2 * x]));
    const [level, tilted] = [two, climbing].map((strokes) => reader.readStrokes(strokes).digits.map(({ style }) => style.tilt));
    assert.equal(tilted[0], tilted[1]);
    near(tilted[0] - level[0], Math.atan(0.2) * 180 / Math.PI, 4);
  });
});

describe('a reader', () => {
  it('works on after refusals, and when its memory has grown', () => {
    const before = reader.readStrokes(drawings[5].strokes);
    const tile = before.digits[0].tile.slice();
    reader.readImage(blankPicture(4000, 2500)); // 40 MB: more than the engine starts with
    assert.deepEqual(before.digits[0].tile, tile); // a result is no view of the engine's memory
    assert.deepEqual(reader.readStrokes(drawings[5].strokes), before);
  });

  it('shares nothing with another', async () => {
    const other = await openReader();
    const { strokes } = drawings[8];
    assert.deepEqual(other.readStrokes(strokes), reader.readStrokes(strokes));
    other.dispose();
    assert.equal(reader.readStrokes([]).reason, 'nothing');
  });

  it('that was disposed of says so', async () => {
    const disposed = await openReader();
    disposed.dispose();
    disposed.dispose();
    assert.throws(() => disposed.readStrokes([]), inkreadError('disposed'));
    assert.throws(() => disposed.readImage(blankPicture(2, 2)), inkreadError('disposed'));
    assert.throws(() => disposed.probabilities(new Float32Array(), 0), inkreadError('disposed'));
  });

  it('whose engine trapped refuses every later call, and can be disposed of', async () => {
    const broken = await openReader({ wasm: fakeEngine({ read_strokes: TRAP }) });
    assert.throws(() => broken.readStrokes([[[0, 0]]]), inkreadError('internal', /unreachable/));
    assert.throws(() => broken.probabilities(new Float32Array(), 0), inkreadError('internal', /make a new one/));
    assert.throws(() => broken.readStrokes([]), inkreadError('internal', /make a new one/));
    broken.dispose();
    assert.throws(() => broken.readStrokes([]), inkreadError('internal'));
  });

  it('tells running out of memory from other exits', async () => {
    const full = await openReader({ wasm: fakeEngine({ read_strokes: exit(12) }) });
    assert.throws(() => full.readStrokes([[[0, 0]]]), inkreadError('out-of-memory'));
    assert.throws(() => full.readStrokes([]), inkreadError('out-of-memory', /make a new one/));
    const stopped = await openReader({ wasm: fakeEngine({ read_strokes: exit(3) }) });
    assert.throws(() => stopped.readStrokes([[[0, 0]]]), inkreadError('internal', /status 3/));
  });

  it('runs out of memory in the engine itself, and a new one works', async () => {
    const small = await openReader({ wasm: engineWithMemory(256) }); // 16 MiB
    const many = [Array(999_999).fill([1, 1])]; // 8 MB to hand over, and as much again for the engine's copy
    assert.throws(() => small.readStrokes(many), inkreadError('out-of-memory'));
    assert.throws(() => small.readStrokes([]), inkreadError('out-of-memory', /make a new one/));
    assert.equal((await openReader()).readStrokes([]).reason, 'nothing');
  });

  it('survives an input that does not fit', async () => {
    const small = await openReader({ wasm: engineWithMemory(256) });
    assert.throws(() => small.readImage(blankPicture(4000, 2500)), inkreadError('too-large'));
    assert.equal(small.readStrokes([]).reason, 'nothing');
  });
});
