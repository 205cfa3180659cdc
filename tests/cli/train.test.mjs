// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { before, describe, it } from 'node:test';
import {
  assertRefused, inkread, interrupt, linearNetwork, makeSet, sha256, succeed, temporaryFolder, tool,
  writeSet,
} from './support.mjs';

const folder = temporaryFolder();
const mnist = writeSet(join(folder, 'set'));
const linear = join(folder, 'linear.onnx');
writeFileSync(linear, linearNetwork());

let number = 0;
/** A name for a network nobody has written yet, in a folder of its own. */
const newOut = () => join(folder, `run ${++number}`, 'net.onnx');
const commandFor = (out, ...more) => commandOn(mnist, out, ...more);
const commandOn = (set, out, ...more) => ['train', '--mnist', set, '--any-idx', '--out', out, ...more];
/** Trains to the end and gives the file's bytes. */
function train(out, ...more) {
  succeed(commandFor(out, ...more));
  return readFileSync(out);
}
const cardOf = (out) => JSON.parse(readFileSync(out.replace('.onnx', '.json'), 'utf8'));

/** Refuses, and leaves nothing where it should have written. */
function assertTrainRefused(line, { set = mnist, out = newOut(), args = [], code } = {}) {
  assertRefused(commandOn(set, out, ...args), line, { code });
  assert.ok(!existsSync(dirname(out)), `${readdirSync(folder)}`);
}

describe('training', () => {
  const out = newOut();
  let bytes;
  before(() => {
    bytes = train(out, '--epochs', '3', '--batch', '40', '--threads', '1');
  });

  it('gives the same bytes again, on any number of threads', () => {
    for (const threads of ['1', '2', '3']) {
      assert.deepEqual(train(newOut(), '--epochs', '3', '--batch', '40', '--threads', threads), bytes);
    }
  });

  it('gives other bytes for another seed', () =>
    assert.notDeepEqual(train(newOut(), '--epochs', '3', '--batch', '40', '--seed', '2'), bytes));

  it('writes the network, its card and the run, and nothing else', () => {
    assert.deepEqual(readdirSync(dirname(out)).sort(), ['net.json', 'net.md', 'net.onnx', 'net.onnx.run']);
    assert.deepEqual(readdirSync(`${out}.run`).sort(), ['checkpoint', 'log.jsonl', 'run.json', 'start.onnx']);
  });

  it('writes a card that tells what was done and what came of it', () => {
    const card = cardOf(out);
    assert.equal(card.file, 'net.onnx');
    assert.equal(card.network.name, 'seed');
    assert.equal(card.network.parameters, 77098);
    assert.equal(card.network.file_bytes, bytes.length);
    assert.equal(card.network.sha256, sha256(bytes));
    assert.equal(
      card.training.command,
      'inkread train --network seed --epochs 3 --batch 40 --seed 1 --any-idx --mnist DIR --out net.onnx',
    );
    assert.equal(card.training.data, "a set of its own in MNIST's format, 200 training images");
    assert.deepEqual(card.training.curve.map(({ epoch }) => epoch), [1, 2, 3]);
    const log = readFileSync(`${out}.run/log.jsonl`, 'utf8').trim().split('\n').map((line) => JSON.parse(line));
    assert.deepEqual(log, card.training.curve);
    assert.equal(card.test.images, 60);
    assert.equal(card.test.accuracy, card.training.curve.at(-1).validation_accuracy);
  });

  it("names the recipe's numbers as people write them", () => {
    const { recipe } = cardOf(out).training;
    assert.deepEqual(
      [recipe['learning rate'], recipe.beta1, recipe.beta2, recipe.epsilon, recipe.batch, recipe.seed],
      [0.001, 0.9, 0.999, 1e-7, 40, 1],
    );
    assert.match(readFileSync(out.replace('.onnx', '.md'), 'utf8'), /learning rate 0\.001, beta1 0\.9, beta2 0\.999,/);
  });

  it('learns: the loss falls and the bars are told apart', () => {
    const long = newOut();
    train(long, '--epochs', '12', '--batch', '20');
    const { curve } = cardOf(long).training;
    assert.ok(curve.at(-1).train_loss < curve[0].train_loss / 2, JSON.stringify(curve));
    assert.ok(cardOf(long).test.accuracy > 0.5, JSON.stringify(curve));
  });

  it('gives the figures of its card again when evaluated', () => {
    const again = JSON.parse(succeed(['evaluate', out, '--mnist', mnist, '--any-idx', '--json']));
    const { test, network } = cardOf(out);
    for (const key of Object.keys(test)) assert.deepEqual(again[key], test[key], key);
    assert.equal(again.sha256, network.sha256);
  });

  it('prints a line an epoch, and no progress bar where there is no terminal', () => {
    const { stdout, stderr } = inkread(commandFor(newOut(), '--network', linear, '--epochs', '2'));
    assert.equal(stderr, '');
    assert.equal(stdout.match(/^epoch \d\/2 .*training loss.*validation loss.*$/gm).length, 2);
    assert.doesNotMatch(stdout, /\[#|\x1b|\r/);
  });

  const hasScript = spawnSync('script', ['-qec', 'true', '/dev/null']).status === 0;
  it('shows a progress bar with the time left on a terminal', { skip: hasScript ? false : 'no program script, or no terminal for it' }, () => {
    const command = [tool, ...commandFor(newOut(), '--epochs', '2')].map((word) => `'${word}'`).join(' ');
    const { stdout } = spawnSync('script', ['-qec', command, '/dev/null'], { encoding: 'utf8' });
    assert.match(stdout, /\repoch 1\/2 \[#*\.*\] +\d+ % +[\d,]+ images\/s +\d:\d\d left/);
  });
});

describe('--validation', () => {
  it('holds images out of training and follows them', () => {
    const out = newOut();
    const printed = succeed(commandFor(out, '--network', linear, '--epochs', '1', '--validation', '50'));
    assert.match(printed, /150 images, validation on the last 50 training images/);
    const { training } = cardOf(out);
    assert.match(training.validation, /last 50 training images, held out/);
    assert.match(training.data, /150 training images/);
    assert.match(training.command, / --validation 50 /);
  });

  it('is refused when nothing would be left to train on', () =>
    assertTrainRefused(/--validation 200: the training set has only 200 images/, { args: ['--validation', '200'] }));
});

describe('--network FILE', () => {
  it('trains further from its parameters', () => {
    const out = newOut();
    train(out, '--network', linear, '--epochs', '1');
    const card = cardOf(out);
    assert.equal(card.network.name, 'linear.onnx');
    assert.equal(card.network.parameters, 7850);
    assert.equal(card.training.recipe.initialisation, 'the parameters of that file');
    assert.ok(card.training.curve[0].train_accuracy > 0.9, 'it knew the bars already');
  });

  it('that is neither a name nor a file is refused with the names there are', () =>
    assertTrainRefused(/--network nosuch: there is no such network, no such file, .*; known networks: .*seed/, {
      args: ['--network', 'nosuch'],
    }));

  it('with a name too long for a file is refused as unknown', () =>
    assertTrainRefused(/there is no such network/, { args: ['--network', 'x'.repeat(5000)] }));

  it('that is no network is refused', () => {
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'not a network at all');
    assertTrainRefused(/notes\.txt: /, { args: ['--network', text] });
  });

  it('for other pictures is refused', () => {
    const small = join(folder, 'small.onnx');
    writeFileSync(small, linearNetwork({ side: 20 }));
    assertTrainRefused(/small\.onnx: it takes images of 20x20 pixels, these are 28x28/, { args: ['--network', small] });
  });
});

describe('--network LAYERS', () => {
  it('trains a network of these layers, and goes on with it after an interruption', async () => {
    const args = ['--network', '4,pool,6,pool,drop20', '--epochs', '4', '--average-decay', '0.9'];
    const out = newOut();
    const bytes = train(out, ...args);
    const { network, training } = cardOf(out);
    assert.equal(network.name, '4,pool,6,pool,drop20');
    assert.equal(network.parameters, 40 + 222 + 1510);
    assert.equal(training.recipe.initialisation, 'Glorot uniform, biases 0');
    const stopped = newOut();
    await interrupt(commandFor(stopped, ...args), 'SIGKILL', (text) => text.includes('epoch 1/4'));
    assert.ok(!existsSync(stopped));
    succeed(['train', '--resume', `${stopped}.run`]);
    assert.deepEqual(readFileSync(stopped), bytes);
  });

  it('with a word that is no layer is refused with the word', () =>
    assertTrainRefused(/no list of layers \('swim' is no layer\)/, { args: ['--network', '4,swim'] }));
});

describe('--teacher', () => {
  const args = ['--network', 'softmax-regression', '--epochs', '2', '--teacher', linear, linear];

  it('is named in the card with its SHA-256, in the command that gives the file again, and in the run', () => {
    const out = newOut();
    const bytes = train(out, ...args);
    const { training } = cardOf(out);
    const file = { file: 'linear.onnx', sha256: sha256(readFileSync(linear)) };
    assert.deepEqual(training.recipe.teachers, [file, file]);
    assert.equal(training.recipe.teaching, 0.9);
    assert.match(training.command, / --teaching 0\.9 .*--teacher linear\.onnx linear\.onnx /);
    assert.notDeepEqual(train(newOut(), '--network', 'softmax-regression', '--epochs', '2'), bytes);
  });

  it('may change or go once the run has begun', async () => {
    const bytes = train(newOut(), ...args.slice(0, -2), linear);
    const lent = join(folder, 'lent.onnx');
    copyFileSync(linear, lent);
    const out = newOut();
    await interrupt(commandFor(out, ...args.slice(0, -2), lent), 'SIGKILL', (text) => text.includes('epoch 1/2'));
    rmSync(lent);
    succeed(['train', '--resume', `${out}.run`]);
    assert.deepEqual(readFileSync(out), bytes);
  });

  it('that is no network, or none that ends in ten probabilities, is refused', () => {
    assertTrainRefused(/nosuch\.onnx: /, { args: ['--teacher', 'nosuch.onnx'] });
    const logits = join(folder, 'logits.onnx');
    writeFileSync(logits, linearNetwork({ softmax: false }));
    assertTrainRefused(/logits\.onnx: it does not end in the probabilities of ten digits/, { args: ['--teacher', logits] });
  });

  it('is needed by --teaching and --temperature', () => {
    for (const option of ['--teaching', '--temperature']) {
      assertTrainRefused(new RegExp(`${option} requires --teacher`), { args: [option, '0.5'], code: 2 });
    }
  });
});

describe('with a thousand images held out', () => {
  const set = writeSet(join(folder, 'large set'), { train: makeSet(1200), test: makeSet(60, { seed: 2 }) });
  const args = ['--network', '4,pool,6,pool', '--epochs', '3', '--validation', '1000', '--augment', 'standard'];

  it('calibrates the network and notes what it accepts in the file and the card', () => {
    const out = newOut();
    succeed(commandOn(set, out, ...args, '--weights', 'int8'));
    const card = cardOf(out);
    assert.equal(card.network.weights, 'int8');
    assert.match(card.training.command, / --weights int8 /);
    const { calibration, weights } = JSON.parse(succeed(['inspect', out, '--json']));
    assert.equal(weights, 'int8');
    for (const key of ['temperature', 'accept_confidence', 'accept_risk']) {
      assert.ok(Math.abs(calibration[key] - card.calibration[key]) < 1e-6, key);
    }
    assert.ok(calibration.temperature > 0.1 && calibration.accept_confidence > 0.1 && calibration.accept_confidence < 1);
    const again = newOut();
    succeed(commandOn(set, again, ...args, '--weights', 'int8', '--threads', '1'));
    assert.deepEqual(readFileSync(again), readFileSync(out));
  });

  it('says in the card that nothing was calibrated where fewer are', () => {
    const out = newOut();
    train(out, '--epochs', '1', '--validation', '50');
    assert.equal(cardOf(out).calibration, null);
  });
});

describe('--augment standard', () => {
  const args = ['--augment', 'standard', '--epochs', '3', '--batch', '40'];
  const out = newOut();
  let bytes;
  before(() => {
    bytes = train(out, ...args, '--threads', '1');
  });

  it('gives other bytes than none, and the same on any number of threads', () => {
    assert.notDeepEqual(train(newOut(), '--epochs', '3', '--batch', '40'), bytes);
    for (const threads of ['2', '3']) assert.deepEqual(train(newOut(), ...args, '--threads', threads), bytes);
  });

  it('is what --augment none and no word about it are not', () =>
    assert.deepEqual(train(newOut(), '--augment', 'none', '--epochs', '1'), train(newOut(), '--epochs', '1')));

  it('is named in the card, in the command that gives the file again, and in the run', () => {
    const { training } = cardOf(out);
    assert.equal(training.recipe.augmentation, 'standard');
    assert.match(training.command, / --augment standard /);
    assert.match(readFileSync(out.replace('.onnx', '.md'), 'utf8'), /augmentation standard/);
    assert.equal(JSON.parse(readFileSync(`${out}.run/run.json`, 'utf8')).augment, 'standard');
  });

  it('goes on after kill -9 to the same bytes', async () => {
    const stopped = newOut();
    await interrupt(commandFor(stopped, ...args), 'SIGKILL', (text) => text.includes('epoch 1/3'));
    assert.ok(!existsSync(stopped));
    succeed(['train', '--resume', `${stopped}.run`]);
    assert.deepEqual(readFileSync(stopped), bytes);
    assert.equal(cardOf(stopped).training.recipe.augmentation, 'standard');
  });

  it('of another name is refused with the names there are', () => {
    assertTrainRefused(/--augment wild: there is no such augmentation; there are none and standard/, {
      args: ['--augment', 'wild'],
    });
    assertRefused(['train', '--resume', 'anything', '--augment', 'none'], /--augment excludes --resume/, { code: 2 });
  });
});

describe('a run that was stopped', () => {
  const args = ['--epochs', '6', '--batch', '40'];
  let whole;
  before(() => {
    whole = train(newOut(), ...args);
  });

  it('by kill -9 goes on to the same bytes as one that was not', async () => {
    const out = newOut();
    const { signal } = await interrupt(commandFor(out, ...args), 'SIGKILL', (text) => text.includes('epoch 2/6'));
    assert.equal(signal, 'SIGKILL');
    assert.ok(!existsSync(out));
    const printed = succeed(['train', '--resume', `${out}.run`]);
    assert.doesNotMatch(printed, /epoch 1\/6/);
    assert.match(printed, /epoch 6\/6/);
    assert.deepEqual(readFileSync(out), whole);
    assert.equal(cardOf(out).training.curve.length, 6);
  });

  it('by Ctrl-C says how to go on, and goes on to the same bytes', async () => {
    const out = newOut();
    const { status, stdout } = await interrupt(commandFor(out, ...args), 'SIGINT', (text) => text.includes('epoch 1/6'));
    assert.equal(status, 130);
    assert.match(stdout, /stopped; \d of 6 epochs are saved\. Go on with: inkread train --resume '[^']+\.run'\n$/);
    assert.ok(!existsSync(out));
    // As a user would, from another folder: the printed line, pasted into a shell.
    const line = stdout.match(/Go on with: inkread (.*)/)[1];
    const resumed = spawnSync('sh', ['-c', `'${tool}' ${line}`], { encoding: 'utf8', cwd: '/' });
    assert.equal(resumed.stderr, '');
    assert.equal(resumed.status, 0);
    assert.deepEqual(readFileSync(out), whole);
  });

  it('is not thrown away by the same command given again', async () => {
    const out = newOut();
    await interrupt(commandFor(out, ...args), 'SIGKILL', (text) => text.includes('epoch 2/6'));
    const { status, stderr } = inkread(commandFor(out, ...args));
    assert.equal(status, 1);
    assert.match(stderr, /\.run: an unfinished run of \d epochs is kept here: go on with --resume/);
    succeed(['train', '--resume', `${out}.run`]);
    assert.deepEqual(readFileSync(out), whole);
  });

  it('before its first epoch ended starts over to the same bytes', async () => {
    const out = newOut();
    const { status, stdout } = await interrupt(commandFor(out, ...args), 'SIGTERM', (text) => text.includes('training'));
    assert.equal(status, 130);
    assert.match(stdout, /stopped; [01] of 6 epochs/);
    succeed(['train', '--resume', `${out}.run`]);
    assert.deepEqual(readFileSync(out), whole);
  });

  it('finds its data and output when it was begun with relative names', () => {
    const out = join(folder, 'relative', 'net.onnx');
    mkdirSync(dirname(out));
    const begun = ['train', '--mnist', '../set', '--any-idx', '--network', '../linear.onnx', '--epochs', '1'];
    succeed([...begun, '--out', 'net.onnx'], { cwd: dirname(out) });
    const bytes = readFileSync(out);
    writeFileSync(out, 'lost');
    succeed(['train', '--resume', 'relative/net.onnx.run'], { cwd: folder });
    assert.deepEqual(readFileSync(out), bytes);
  });

  it('writes elsewhere when told so', () => {
    const [out, elsewhere] = [newOut(), newOut()];
    const bytes = train(out, '--network', linear, '--epochs', '1');
    succeed(['train', '--resume', `${out}.run`, '--out', elsewhere]);
    assert.deepEqual(readFileSync(elsewhere), bytes);
  });

  it('cannot be changed in what it does', () => {
    for (const change of [['--epochs', '9'], ['--seed', '2'], ['--network', 'seed'], ['--any-idx']]) {
      assertRefused(['train', '--resume', 'anything', ...change], new RegExp(`${change[0]} excludes --resume`), {
        code: 2,
      });
    }
  });

  it('is refused when there is none', () =>
    assertRefused(['train', '--resume', folder], /there is no training run to go on with/));

  it('is refused when its files are damaged', () => {
    const out = newOut();
    train(out, '--network', linear, '--epochs', '1');
    const resume = ['train', '--resume', `${out}.run`];
    const damaged = (file, change, line) => {
      const path = join(`${out}.run`, file);
      const good = readFileSync(path);
      writeFileSync(path, change(good));
      assertRefused(resume, line);
      writeFileSync(path, good);
    };
    const text = (edit) => (bytes) => edit(bytes.toString());
    const flipped = (bytes) => bytes.map((byte, i) => (i === bytes.length - 5 ? byte ^ 1 : byte));
    const isDamaged = (file) => new RegExp(`/${file}: it is damaged: `);
    damaged('run.json', text((json) => json.slice(0, 40)), isDamaged('run.json'));
    damaged('run.json', text((json) => json.replace('"epochs": 1', '"epochs": "one"')), isDamaged('run.json'));
    damaged('run.json', text((json) => json.replace('"seed"', '"sid"')), isDamaged('run.json'));
    damaged('checkpoint', flipped, isDamaged('checkpoint'));
    damaged('checkpoint', (bytes) => bytes.subarray(0, -4), isDamaged('checkpoint'));
    damaged('checkpoint', () => '', isDamaged('checkpoint'));
    damaged('checkpoint', (bytes) => Buffer.from(bytes.toString('latin1').replace('"epochs":1', '"epochs":7'), 'latin1'),
      isDamaged('checkpoint'));
    damaged('start.onnx', (bytes) => bytes.subarray(0, 100), /\/start\.onnx: /);
    succeed(resume);
  });
});

describe('--out', () => {
  it('is created with the folders that are missing', () => {
    const out = join(folder, 'a', 'b', 'net.onnx');
    train(out, '--network', linear, '--epochs', '1');
    assert.ok(existsSync(out));
  });

  it('below a file is refused before training', () => {
    const below = join(linear, 'net.onnx');
    assertRefused(commandFor(below), /linear\.onnx\/net\.onnx: cannot be written \(Not a directory\)/);
  });

  it('in a place that takes no files is refused before training', () =>
    assertRefused(commandFor('/proc/net.onnx'), /\/proc\/net\.onnx: cannot be written/));

  it('that is a folder is refused', () => {
    mkdirSync(join(folder, 'taken.onnx'));
    assertRefused(commandFor(join(folder, 'taken.onnx')), /taken\.onnx: it is a folder/);
  });

  it('whose card would meet a folder is refused, not found out after training', () => {
    const place = join(folder, 'carded');
    mkdirSync(join(place, 'net.json'), { recursive: true });
    assertRefused(commandFor(join(place, 'net.onnx')), /net\.json: it is a folder/);
    assert.deepEqual(readdirSync(place), ['net.json']);
  });

  it('that does not end in .onnx is refused, because its card could take its place', () => {
    for (const name of ['net.json', 'net.md', 'net']) {
      assertTrainRefused(/its name must end in \.onnx/, { out: join(folder, 'never', name) });
    }
  });

  it('leaves no folder behind when something else is wrong', () => {
    const out = newOut();
    assertRefused(['train', '--mnist', join(folder, 'nowhere'), '--out', out], /nowhere: there is no such folder/);
    assert.ok(!existsSync(dirname(out)));
  });

  it('through a symbolic link writes what it points to', () => {
    const place = join(folder, 'linked');
    mkdirSync(place);
    writeFileSync(join(place, 'real.onnx'), 'old');
    symlinkSync('real.onnx', join(place, 'net.onnx'));
    const bytes = train(join(place, 'net.onnx'), '--network', linear, '--epochs', '1');
    assert.deepEqual(readFileSync(join(place, 'real.onnx')), bytes);
  });

  it('of a name that is not UTF-8 is refused before training', () => {
    const words = commandFor('OUT', '--network', linear, '--epochs', '1').map((word) => (word === 'OUT' ? '"$out"' : `'${word}'`));
    const script = `out=$(printf '%s/caf\\351.onnx' '${join(folder, 'latin1')}'); exec '${tool}' ${words.join(' ')}`;
    const { status, stderr } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
    assert.match(stderr, /^inkread: --out [^\n]*: a run cannot be kept unless [^\n]* UTF-8\n$/);
    assert.equal(status, 1);
    assert.ok(!existsSync(join(folder, 'latin1')));
  });
});

describe('bad data', () => {
  it('in the test images is refused before training', () => {
    const set = writeSet(join(folder, 'test-20'), { test: makeSet(60, { side: 20 }) });
    for (const args of [[], ['--validation', '50']]) {
      assertTrainRefused(/seed: it takes images of 28x28 pixels, these are 20x20/, { set, args });
    }
  });

  it('without an image is refused', () => {
    const set = writeSet(join(folder, 'no-image'), { train: makeSet(0) });
    assertTrainRefused(/no-image.*: there are no training images/, { set });
    const untested = writeSet(join(folder, 'no-test'), { test: makeSet(0) });
    assertTrainRefused(/no-test.*: there are no test images/, { set: untested });
  });
});

describe('the command line of train', () => {
  it('needs --mnist and --out', () => {
    assertRefused(['train', '--mnist', mnist], /--mnist and --out \(or --resume\)/, { code: 2 });
    assertRefused(['train', '--out', newOut()], /--mnist and --out/, { code: 2 });
  });

  it('refuses numbers out of range', () => {
    const wrong = [['--epochs', '0'], ['--epochs', 'x'], ['--batch', '0'], ['--threads', '0'], ['--threads', '9999'],
      ['--validation', '-1'], ['--seed', '-1'], ['--seed', '1.5'], ['--seed', '99999999999999999999']];
    for (const args of wrong) assertTrainRefused(new RegExp(args[0]), { args, code: 2 });
  });
});
