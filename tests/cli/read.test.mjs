// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  blankPicture, decodePng, drawPicture, drawings, encodePng, pictureOf, strokesOfText, turnedLeft,
} from '../support/pictures.mjs';
import {
  assertRefused, inkread, linearNetwork, seedNetwork, succeed, temporaryFolder, tool, withMetadata,
} from './support.mjs';

const folder = temporaryFolder();
const write = (name, bytes) => {
  const file = join(folder, name);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, bytes);
  return file;
};
/** A PNG of a digit, each of its drawing's units a pixel, moved by 20. */
const digitPng = (digit, colours) => pictureOf(digit, { scale: 1, pen: 5, margin: 20, ...colours });
const digits = drawings.map(({ label }, i) => write(`digit-${label}.png`, digitPng(i)));
const blank = write('blank.png', encodePng(blankPicture(120, 160)));
const notPicture = write('notes.png', 'these are notes');
const sanitized = readFileSync(tool).includes('__asan_init');
const unmeasurable = sanitized ? 'sanitizers keep freed memory' : process.platform !== 'linux' && 'it reads /proc';
const missing = join(folder, 'missing.png');

const parse = (stdout) => stdout.trimEnd().split('\n').map((line) => JSON.parse(line));
const read = (...args) => parse(succeed(['read', '--json', ...args]));
/** Of a run in which something could not be read. */
function readWithErrors(args, options) {
  const { status, stdout, stderr } = inkread(['read', '--json', ...args], options);
  assert.equal(status, 1);
  const answers = parse(stdout);
  const errors = answers.filter(({ error }) => error !== undefined);
  assert.equal(stderr, errors.map(({ file, error }) => `inkread: ${file}: ${error}\n`).join(''));
  return answers;
}

function assertError(answer, line) {
  assert.deepEqual([answer.text, answer.accepted, answer.reason, answer.confidence, answer.digits],
    ['', false, 'error', 0, []]);
  assert.match(answer.error, line);
}

describe('read', () => {
  it('reads ten drawn digits, in the order asked, on any number of threads', () => {
    const backwards = [...digits].reverse();
    for (const threads of ['1', '3']) {
      const answers = read('--threads', threads, ...backwards);
      assert.deepEqual(answers.map(({ file }) => file), backwards);
      assert.deepEqual(answers.map(({ text }) => text), [...'9876543210']);
      assert.ok(answers.every(({ accepted }) => accepted));
    }
  });

  it('reads a part of every picture, and pictures that lie on their side', () => {
    const upright = drawPicture(strokesOfText('372'), { margin: 20 });
    const lying = write('lying.png', encodePng(turnedLeft(upright)));
    assert.deepEqual(read('--turn', '90', lying).map(({ text }) => text), ['372']);
    const [part] = read('--turn', '90', '--crop', '0.66,0,0.34,1', lying);
    assert.equal(part.text, '2');
    assert.equal(part.height, upright.height);
    assert.ok(part.width < upright.width / 2);
    assertRefused(['read', '--turn', '45', lying], /--turn/, { code: 2 });
    assertRefused(['read', '--crop', '0.5,0,1,1', lying], /--crop.*no part of a picture/, { code: 2 });
    assertRefused(['read', '--crop', '0,0,1', lying], /--crop/, { code: 2 });
  });

  it('reads light on dark as dark on light', () => {
    const light = drawings.map((_, i) => write(`light-${i}.png`, digitPng(i, { ink: 215, paper: 15 })));
    assert.equal(read(...light).map(({ text }) => text).join(''), '0123456789');
  });

  it('prints JSON lines with the fields that were promised', () => {
    const [answer] = read(digits[3]);
    assert.deepEqual([answer.file, answer.text, answer.accepted, answer.reason], [digits[3], '3', true, null]);
    assert.ok(answer.milliseconds >= 0);
    assert.equal(answer.digits.length, 1);
    const { label, confidence, box, alternatives } = answer.digits[0];
    assert.equal(label, '3');
    assert.equal(confidence, answer.confidence);
    assert.deepEqual(alternatives.map((other) => other.label).sort(), [...'012456789']);
    const confidences = [confidence, ...alternatives.map((other) => other.confidence)];
    assert.deepEqual(confidences, [...confidences].sort((a, b) => b - a));
    assert.ok(Math.abs(confidences.reduce((a, b) => a + b) - 1) < 1e-5);
    // The ink's extent: the strokes', moved by the margin of 20, and the pen's 5 around it.
    const points = drawings[3].strokes.flat();
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const expected = [Math.min(...xs) + 15, Math.min(...ys) + 15, Math.max(...xs) - Math.min(...xs) + 10,
      Math.max(...ys) - Math.min(...ys) + 10];
    box.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 3, `${box} is not ${expected}`));
  });

  it('gives the writing style of each digit, in pixels and degrees', () => {
    const [eight, one, zero] = read(digits[8], digits[1], digits[0]).map((answer) => answer.digits[0]);
    assert.deepEqual([eight, one, zero].map(({ style }) => style.loops), [2, 0, 1]);
    for (const { box, style } of [eight, one, zero]) {
      assert.deepEqual(Object.keys(style),
        ['slant_degrees', 'tilt_degrees', 'stroke_width', 'stroke_share', 'width', 'height', 'loops']);
      assert.ok(Math.abs(style.stroke_width - 10) < 0.8, `${style.stroke_width}`); // `pen` is half of it
      assert.ok(Math.abs(style.width - box[2]) <= 2 && Math.abs(style.height - box[3]) <= 2, JSON.stringify({ box, style }));
      assert.ok(Math.abs(style.stroke_share - style.stroke_width / style.height) < 1e-3);
    }
    const bars = [-20, 0, 20].map((degrees) => {
      const top = 50 + 80 * Math.tan(degrees * Math.PI / 180);
      return write(`bar${degrees}.png`, encodePng(drawPicture([[[50, 80], [top, 0]]], { scale: 2, pen: 6, margin: 40 })));
    });
    read('--single', ...bars).forEach(({ digits: [{ style }] }, i) => {
      assert.ok(Math.abs(style.slant_degrees - [-20, 0, 20][i]) < 2, `${style.slant_degrees}`);
    });
  });

  it('prints text for people', () => {
    const { status, stdout } = inkread(['read', digits[7], blank, notPicture]);
    const [first, second, third, ...rest] = stdout.trimEnd().split('\n');
    assert.match(first, /digit-7\.png: 7 \(\d+\.\d %\)$/);
    assert.match(second, /blank\.png: nothing is written$/);
    assert.match(third, /notes\.png: could not be read$/);
    assert.deepEqual(rest, []);
    assert.equal(status, 1);
  });

  it('finds nothing on a blank sheet, which is no error', () => {
    const [answer] = read(blank);
    assert.deepEqual([answer.text, answer.accepted, answer.reason, answer.confidence, answer.digits],
      ['', false, 'nothing', 0, []]);
  });

  it('goes on after files that cannot be read, each with its error in its own line', () => {
    const cut = write('cut.png', digitPng(4).subarray(0, 200));
    const empty = write('empty.png', '');
    const answers = readWithErrors([digits[1], missing, notPicture, cut, empty, digits[2]]);
    assert.deepEqual(answers.map(({ text }) => text), ['1', '', '', '', '', '2']);
    assertError(answers[1], /cannot be opened \(No such file or directory\)/);
    assertError(answers[2], /not a picture/);
    assertError(answers[3], /ends too early|damaged/);
    assertError(answers[4], /nothing in it/);
  });

  it('refuses a picture whose header promises more than it could hold', () => {
    const promising = (side) => {
      const bytes = digitPng(0);
      bytes.writeUInt32BE(side, 16);
      bytes.writeUInt32BE(side, 20);
      return write(`${side}.png`, bytes);
    };
    const [large, beyond] = readWithErrors([promising(20_000), promising(2 ** 31 - 1)]);
    assertError(large, /too large/);
    assertError(beyond, /too large|damaged/);
  });

  it('reads a picture from standard input', () => {
    const answers = parse(succeed(['read', '--json', digits[5], '-', digits[6]], { input: readFileSync(digits[8]) }));
    assert.deepEqual(answers.map(({ file, text }) => [file, text]), [[digits[5], '5'], ['-', '8'], [digits[6], '6']]);
    assertError(readWithErrors(['-'], { input: '' })[0], /nothing in it/);
  });

  it('refuses to read standard input twice', () => {
    assertRefused(['read', '-', '-'], /standard input can be read once only/, { code: 2, input: '' });
    assertRefused(['read', '-', '--strokes', '-'], /standard input can be read once only/, { code: 2, input: '' });
  });

  it('needs something to read', () => assertRefused(['read'], /an image, a folder, - or --strokes/, { code: 2 }));
});

describe('read FOLDER', () => {
  it('reads the pictures in it and below, by name, and nothing else', () => {
    const names = ['album/a.png', 'album/b/2.PNG', 'album/b/10.png', 'album/c.png'];
    names.forEach((name, i) => write(name, digitPng(i)));
    write('album/readme.txt', 'not a picture');
    write('album/.png', digitPng(0)); // a hidden file without an extension
    const answers = read(join(folder, 'album'));
    const expected = ['album/a.png', 'album/b/10.png', 'album/b/2.PNG', 'album/c.png'];
    assert.deepEqual(answers.map(({ file }) => file), expected.map((name) => join(folder, name)));
    assert.equal(answers.map(({ text }) => text).join(''), '0213');
  });

  it('does not follow links round in circles', () => {
    write('circle/a.png', digitPng(1));
    symlinkSync('..', join(folder, 'circle', 'up'));
    assert.equal(read(join(folder, 'circle')).length, 1);
  });

  it('without a picture says so, and reads the rest', () => {
    mkdirSync(join(folder, 'bare'));
    const answers = readWithErrors([join(folder, 'bare'), digits[1]]);
    assertError(answers[0], /there is no picture \(\.png, .*\) in this folder/);
    assert.equal(answers[1].text, '1');
  });

  it('of thousands of pictures takes no more memory than of a few', { skip: unmeasurable }, async () => {
    const pictures = drawings.map((_, i) => digitPng(i)); // of some 130 x 170 pixels
    for (let i = 0; i < 2000; ++i) write(`many/${String(i).padStart(5, '0')}.png`, pictures[i % 10]);
    const { texts, kilobytes } = await readWatchingMemory(join(folder, 'many'));
    assert.equal(texts.length, 2000);
    texts.forEach((text, i) => assert.equal(text, String(i % 10)));
    assert.ok(kilobytes.length > 1, 'it answers as it goes');
    // Readings that are kept (3 kB each), let alone pictures, would show.
    assert.ok(kilobytes.at(-1) < kilobytes[0] + 3000, `${kilobytes} kB`);
  });
});

/** The answers, and the process's peak memory (kB) each time that some of them arrive. */
function readWatchingMemory(input) {
  return new Promise((resolve, reject) => {
    const process = spawn(tool, ['read', '--csv', input], { stdio: ['ignore', 'pipe', 'inherit'] });
    const kilobytes = [];
    let stdout = '';
    process.stdout.setEncoding('utf8').on('data', (text) => {
      stdout += text;
      if (process.exitCode !== null) return;
      const peak = /VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${process.pid}/status`, 'utf8'));
      if (peak) kilobytes.push(Number(peak[1])); // none any more when it has just ended
    });
    process.on('error', reject);
    process.on('close', () => {
      const texts = stdout.trimEnd().split('\n').slice(1).map((line) => line.split(',')[1]);
      resolve({ texts, kilobytes });
    });
  });
}

describe('names of files', () => {
  // In a folder of their own, one digit each.
  const odd = ['with space.png', 'comma,name.png', 'quote"name.png', "it's.png", 'line\nbreak.png', '[1,2].png', '-dash.png'];
  const place = join(folder, 'odd');
  before(() => odd.forEach((name, i) => write(join('odd', name), digitPng(i))));

  it('may hold spaces, commas, quotes and line breaks', () => {
    const answers = parse(succeed(['read', '--json', '--', ...odd], { cwd: place }));
    assert.deepEqual(answers.map(({ file, text }) => [file, text]), odd.map((name, i) => [name, String(i)]));
  });

  it('are quoted in CSV so that every field comes back', () => {
    const { stdout, status } = inkread(['read', '--csv', '--', ...odd, 'gone,"too".png'], { cwd: place });
    const [head, ...rows] = parseCsv(stdout);
    assert.deepEqual(head, ['file', 'text', 'accepted', 'reason', 'confidence', 'error']);
    assert.deepEqual(rows.map((row) => row.length), Array(8).fill(6));
    odd.forEach((name, i) => {
      assert.deepEqual(rows[i].slice(0, 4), [name, String(i), 'true', '']);
      assert.ok(rows[i][4] > 0.5 && rows[i][4] <= 1);
      assert.equal(rows[i][5], '');
    });
    assert.deepEqual(rows[7],
      ['gone,"too".png', '', 'false', 'error', '0.000000', 'cannot be opened (No such file or directory)']);
    assert.equal(status, 1);
  });

  it('may look like a list or a subcommand', () => {
    write('[1,2]/a.png', digitPng(7));
    write('evaluate/a.png', digitPng(8));
    const answers = parse(succeed(['read', '--json', '[1,2]', 'evaluate'], { cwd: folder }));
    assert.deepEqual(answers.map(({ text }) => text), ['7', '8']);
  });

  it('need not be UTF-8', () => {
    mkdirSync(join(folder, 'latin1'));
    const name = Buffer.concat([Buffer.from(join(folder, 'latin1', 'caf')), Buffer.from([0xe9]), Buffer.from('.png')]);
    writeFileSync(name, digitPng(6));
    const [answer] = read(join(folder, 'latin1'));
    assert.match(answer.file, /caf\ufffd\.png$/);
    assert.equal(answer.text, '6');
    const { stdout } = inkread(['read', '--csv', join(folder, 'latin1')], { encoding: 'latin1' });
    assert.match(stdout, /caf\xe9\.png,6,true/);
    const script = `cd '${folder}/latin1'; exec '${tool}' read --json "$(printf 'caf\\351.png')" "$(printf 'no\\351.png')"`;
    const { status, stdout: lines } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    assert.deepEqual(parse(lines).map(({ text, reason }) => [text, reason]), [['6', null], ['', 'error']]);
    assert.equal(status, 1);
  });
});

/** Rows of fields (RFC 4180). */
function parseCsv(text) {
  const field = /(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/y;
  const rows = [[]];
  for (let match; (match = field.exec(text)); ) {
    rows.at(-1).push(match[1]?.replaceAll('""', '"') ?? match[2]);
    if (match[3] === '\n') rows.push([]);
  }
  assert.deepEqual(rows.pop(), [], 'it ends with a whole line');
  return rows;
}

describe('read of numbers', () => {
  const numberPng = (text) => write(`${text.replace('\n', '-')}.png`,
    pictureOf(text, { scale: 1, pen: 5, margin: 30 }));

  it('gives the digits from left to right, each with its box', () => {
    const number = numberPng('2570');
    for (const layout of [[], ['--line'], ['--page']]) {
      const [answer] = read(...layout, number);
      assert.deepEqual([answer.text, answer.accepted], ['2570', true]);
      assert.deepEqual(answer.digits.map(({ label }) => label), [...'2570']);
      const lefts = answer.digits.map(({ box }) => box[0]);
      assert.ok(lefts.every((left, i) => i === 0 || left > lefts[i - 1] + 40), `${lefts}`);
      assert.deepEqual(answer.marks, []);
      assert.ok(answer.alternatives.length > 0 && answer.alternatives.every(({ text }) => text !== '2570'));
    }
  });

  it('gives lines from the top', () => {
    const page = numberPng('36\n849');
    assert.equal(read(page)[0].text, '36\n849');
    assert.match(inkread(['read', page]).stdout, /36-849\.png: 36 \/ 849 \(/);
    assert.match(inkread(['read', '--csv', page]).stdout, /"36\n849",true/);
  });

  it('as a single digit does not believe in any', () =>
    assert.equal(read('--single', numberPng('2570'))[0].accepted, false));

  it('of pen strokes gives boxes in their units', () => {
    const input = JSON.stringify({ strokes: strokesOfText('407', 1000) });
    const [answer] = parse(succeed(['read', '--json', '--strokes', '-'], { input }));
    assert.equal(answer.text, '407');
    assert.deepEqual(answer.digits.map(({ box }) => Math.round(box[0] / 1000)), [0, 1, 2]);
  });

  it('is of one layout only', () =>
    assertRefused(['read', '--line', '--page', blank], /--line excludes --page|--page excludes --line/, { code: 2 }));
});

describe('read --strokes', () => {
  const lines = drawings.map(({ strokes }) => JSON.stringify({ strokes }));

  it('reads a drawing a line, from a file and from standard input', () => {
    const file = write('strokes.jsonl', `${lines.join('\n')}\n`);
    const answers = read('--strokes', file);
    assert.deepEqual(answers.map(({ text }) => text), [...'0123456789']);
    assert.deepEqual(answers.map((answer) => answer.file), lines.map((_, i) => `${file}:${i + 1}`));
    const piped = parse(succeed(['read', '--json', '--strokes', '-'], { input: lines.join('\r\n') }));
    const figures = ({ text, confidence, digits }) => ({ text, confidence, digits });
    assert.deepEqual(piped.map(figures), answers.map(figures));
  });

  it('takes further numbers of a point, as time and pressure, and keeps the units of the drawing', () => {
    const moved = drawings[2].strokes.map((stroke) => stroke.map(([x, y], i) => [x + 1000, y - 500, i * 16, 0.5]));
    const [answer] = parse(succeed(['read', '--json', '--strokes', '-'], { input: JSON.stringify({ strokes: moved }) }));
    assert.equal(answer.text, '2');
    const [x, y] = answer.digits[0].box;
    assert.ok(x > 990 && x < 1030 && y > -520 && y < -480, `${answer.digits[0].box}`);
  });

  it('finds nothing in an empty drawing', () => {
    const answers = parse(succeed(['read', '--json', '--strokes', '-'], { input: '{"strokes": []}\n{"strokes": [[], []]}' }));
    assert.deepEqual(answers.map(({ text, reason }) => [text, reason]), [['', 'nothing'], ['', 'nothing']]);
  });

  it('gives a line that is none its error, by its number in the file, and reads the others', () => {
    const wrong = ['scribble', '{"strokes": [[[1, 2], [3]]]}', '{"strokes": [[["1", "2"]]]}', '{"strokes": [5]}', '{"strokes": 5}',
      '[]', '{"strokes": [[[NaN, 1]]]}', '{"strokes": [[[1e999, 1]]]}', '{"strokes": [[[1.1e30, 1], [0, 0]]]}', '{"strokes": [[[1, 2]'];
    const input = [lines[4], '', ...wrong, lines[9]].join('\n');
    const answers = readWithErrors(['--strokes', '-'], { input });
    assert.deepEqual(answers.map(({ text }) => text), ['4', ...wrong.map(() => ''), '9']);
    assert.deepEqual(answers.map(({ file }) => file), ['-:1', ...wrong.map((_, i) => `-:${i + 3}`), '-:13']);
    for (const answer of answers.slice(1, -1)) assertError(answer, /strokes|stroke must|point/);
  });

  it('bears numbers at the edge of what fits', () => {
    const edge = ['[[[0, 0], [1e30, 1e30]]]', '[[[-1e30, 0], [1e30, 0]]]', '[[[1e-40, 0], [0, 1e-40]]]', '[[[5, 5]]]'];
    const input = edge.map((strokes) => `{"strokes": ${strokes}}`).join('\n');
    for (const answer of parse(succeed(['read', '--json', '--strokes', '-'], { input }))) {
      assert.match(answer.text, /^\d$/);
      assert.ok(answer.digits[0].box.every(Number.isFinite), JSON.stringify(answer.digits[0].box));
    }
  });

  it('that is not there is refused', () =>
    assertRefused(['read', '--strokes', missing], /missing\.png: cannot be opened/));
});

describe('read --weights', () => {
  it('reads with that network', () => {
    const other = write('linear.onnx', linearNetwork());
    const [own, others] = [read(digits[3])[0], read('--weights', other, digits[3])[0]];
    assert.notDeepEqual(others.digits, own.digits);
    assert.deepEqual(others.digits[0].box, own.digits[0].box);
  });

  it('says of what it does not accept whether it is one of two digits or none', () => {
    const undecided = write('undecided.onnx', linearNetwork({ gain: 1e-6 }));
    assert.deepEqual(read('--weights', undecided, digits[3]).map(({ accepted, reason }) => [accepted, reason]),
      [[false, 'not-a-digit']]);
    assert.equal(succeed(['read', '--weights', undecided, digits[3]]), `${digits[3]}: this does not look like a digit\n`);
    const strict = write('strict.onnx', withMetadata(readFileSync(seedNetwork),
      { 'inkread.accept_confidence': '1', 'inkread.accept_risk': '0', 'inkread.temperature': '1' }));
    assert.deepEqual(read('--weights', strict, digits[3]).map(({ accepted, reason }) => [accepted, reason]),
      [[false, 'unsure']]);
    assert.match(succeed(['read', '--weights', strict, digits[3]]), /: not sure, perhaps 3 \([\d.]+ %\) or \d \([\d.]+ %\)\n$/);
  });

  it('refuses a network that cannot read digits', () => {
    const small = write('small.onnx', linearNetwork({ side: 20 }));
    assertRefused(['read', '--weights', small, digits[3]], /small\.onnx: .*28x28/);
    assertRefused(['read', '--weights', notPicture, digits[3]], /notes\.png: /);
    assertRefused(['read', '--weights', missing, digits[3]], /missing\.png: cannot be opened/);
  });
});

describe('read --annotate', () => {
  let number = 0;
  /** A folder that is not there yet. */
  const newFolder = () => join(folder, `copies ${++number}`, 'new');
  const copyOf = (file) => decodePng(readFileSync(file));
  /** Whether a pixel is rather blue, as frames and tags are, and no digit or paper of these tests. */
  const isBlue = ([red, , blue]) => blue - red > 60;
  const pixel = ({ data, width, channels }, x, y) => [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)];
  const blues = (copy) => {
    let count = 0;
    for (let at = 0; at < copy.data.length; at += 4) count += isBlue(copy.data.subarray(at, at + 3)) ? 1 : 0;
    return count;
  };

  it('writes a copy of each picture that was read, with a frame around its digits', () => {
    const to = newFolder();
    const [answer, nothing] = read('--annotate', to, digits[3], blank);
    assert.deepEqual([answer.annotated, nothing.annotated], [join(to, 'digit-3.png'), join(to, 'blank.png')]);
    assert.deepEqual(read(digits[3]).map(({ text, digits: found }) => [text, found]), [[answer.text, answer.digits]]);
    const copy = copyOf(answer.annotated);
    const scale = copy.width / answer.width;
    assert.ok(Number.isInteger(scale) && scale > 1, `enlarged ${scale} times`);
    const [x, y, width, height] = answer.digits[0].box.map((value) => value * scale);
    const top = copy.height - answer.height * scale; // what was added for the label
    const edge = (from, to_, at) => Array.from({ length: to_ - from }, (_, i) => pixel(copy, ...at(from + i))).some(isBlue);
    const [middleX, middleY] = [Math.round(x + width / 2), Math.round(top + y + height / 2)];
    const air = Math.round(0.08 * Math.max(width, height));
    assert.ok(edge(Math.round(x) - air, Math.round(x), (at) => [at, middleY]), 'left');
    assert.ok(edge(Math.round(x + width), Math.round(x + width) + air, (at) => [at, middleY]), 'right');
    assert.ok(edge(Math.round(top + y) - air, Math.round(top + y), (at) => [middleX, at]), 'top');
    assert.ok(edge(Math.round(top + y + height), Math.round(top + y + height) + air, (at) => [middleX, at]), 'bottom');
    // The ink itself is as it was.
    assert.ok(!edge(Math.round(x), Math.round(x + width), (at) => [at, middleY]));
    assert.equal(blues(copyOf(nothing.annotated)), 0);
  });

  it('draws fainter what is not accepted, and on dark pictures too', () => {
    const strict = write('strict.onnx', withMetadata(readFileSync(seedNetwork),
      { 'inkread.accept_confidence': '1', 'inkread.accept_risk': '0', 'inkread.temperature': '1' }));
    const [sure] = read('--annotate', newFolder(), digits[3]);
    const [unsure] = read('--weights', strict, '--annotate', newFolder(), digits[3]);
    assert.deepEqual([sure.accepted, unsure.accepted], [true, false]);
    const darkest = ({ annotated }) => {
      const { data } = copyOf(annotated);
      let most = 0;
      for (let at = 0; at < data.length; at += 4) most = Math.max(most, data[at + 2] - data[at]);
      return most;
    };
    assert.ok(darkest(sure) > 1.5 * darkest(unsure) && darkest(unsure) > 50, `${darkest(sure)} and ${darkest(unsure)}`);
    const [dark] = read('--annotate', newFolder(), write('dark.png', digitPng(5, { ink: 215, paper: 15 })));
    const copy = copyOf(dark.annotated);
    const [blue, light] = [blues(copy), copy.data.filter((value) => value > 240).length];
    assert.ok(blue > 1000 && light > 4 * 1000, `${blue} pixels of frame, ${light} values of halo`);
  });

  it('keeps apart inputs of the same name, whichever folders they lie in, in the order asked', () => {
    const names = ['one/scan.png', 'two/scan.png', 'two/SCAN.png', 'two/scan-2.png'];
    const files = names.map((name, i) => write(join('twins', name), digitPng(i)));
    const to = newFolder();
    const answers = read('--annotate', to, ...files);
    assert.deepEqual(answers.map(({ annotated }) => annotated.slice(to.length + 1)),
      ['scan.png', 'scan-2.png', 'SCAN-3.png', 'scan-2-2.png']);
    answers.forEach(({ annotated }, i) => assert.equal(read(annotated)[0].text.includes(String(i)), true, annotated));
    assert.deepEqual(read('--annotate', to, ...files).map(({ annotated }) => annotated), answers.map(({ annotated }) => annotated));
    assert.equal(readdirSync(to).length, 4);
  });

  it('draws pen strokes, and a picture from standard input', () => {
    const to = newFolder();
    const lines = [strokesOfText('407', 1000), [], drawings[2].strokes].map((strokes) => JSON.stringify({ strokes }));
    const answers = read('--strokes', write('pen.jsonl', lines.join('\n')), '--annotate', to);
    assert.deepEqual(answers.map(({ annotated }) => annotated && annotated.slice(to.length + 1)), ['pen-1.png', undefined, 'pen-3.png']);
    assert.ok(blues(copyOf(answers[0].annotated)) > 500);
    const [piped] = parse(succeed(['read', '--json', '--annotate', to, '-'], { input: readFileSync(digits[8]) }));
    assert.equal(piped.annotated, join(to, 'standard-input.png'));
    assert.ok(existsSync(piped.annotated));
  });

  it('has no copy of what cannot be read', () => {
    const to = newFolder();
    const answers = readWithErrors(['--annotate', to, notPicture, digits[1]]);
    assert.deepEqual(answers.map(({ annotated }) => annotated), [undefined, join(to, 'digit-1.png')]);
    assert.deepEqual(readdirSync(to), ['digit-1.png']);
  });

  it('reduces large pictures to a copy of at most 1600 pixels a side', () => {
    const large = write('large.png', pictureOf('37', { scale: 20, pen: 90, margin: 300 }));
    const [answer] = read('--annotate', newFolder(), large);
    const { width, height } = copyOf(answer.annotated);
    assert.ok(answer.width > 3200 && width <= 1600 && width > 1000 && height <= 1700, `${answer.width} became ${width} x ${height}`);
  });

  it('says when a folder cannot be written, and reads on', () => {
    const { status, stdout, stderr } = inkread(['read', '--json', '--annotate', join(notPicture, 'copies'), digits[1], digits[2]]);
    assert.deepEqual(parse(stdout).map(({ text, annotated }) => [text, annotated]), [['1', undefined], ['2', undefined]]);
    assert.match(stderr, /^inkread: --annotate .*notes\.png\/copies: cannot be made \(.+\); reading goes on without copies\n$/);
    assert.equal(status, 1);
  });

  it('says which copy cannot be written, and writes the others', () => {
    const to = newFolder();
    mkdirSync(join(to, 'digit-1.png'), { recursive: true });
    const { status, stdout, stderr } = inkread(['read', '--json', '--annotate', to, digits[1], digits[2]]);
    assert.deepEqual(parse(stdout).map(({ text, annotated }) => [text, annotated]), [['1', undefined], ['2', join(to, 'digit-2.png')]]);
    assert.match(stderr, /^inkread: .*digit-1\.png: its annotated copy .*digit-1\.png: it is a folder; a file's name is needed\n$/);
    assert.equal(status, 1);
  });

  it('never writes over what is to be read, and does not read its own copies again', () => {
    const album = join(folder, 'own');
    const original = digitPng(4);
    write('own/a.png', original);
    assertRefused(['read', '--annotate', album, join(album, 'a.png')], /pictures to be read lie in it; name another folder/);
    assertRefused(['read', '--annotate', `${album}/../own/.`, album], /pictures to be read lie in it/);
    assert.deepEqual(readFileSync(join(album, 'a.png')), original);
    for (let i = 0; i < 2; ++i) assert.equal(read('--annotate', join(album, 'copies'), album).length, 1);
  });
});
