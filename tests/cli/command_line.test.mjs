// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assertRefused, linearNetwork, seedNetwork, succeed, temporaryFolder, tool } from './support.mjs';

const folder = temporaryFolder();

describe('--help', () => {
  const options = {
    read: ['IMAGE', '--strokes', '--weights', '--single', '--json', '--csv', '--threads'],
    train: ['--mnist', '--out', '--network', '--epochs', '--batch', '--seed', '--validation', '--threads', '--run', '--resume',
      '--any-idx'],
    evaluate: ['FILE', '--mnist', '--limit', '--input', '--predictions', '--report', '--threads', '--any-idx', '--json'],
    compare: ['FILE', '--mnist', '--limit', '--report', '--threads', '--any-idx', '--json'],
    inspect: ['FILE', '--json'],
    convert: ['IN', 'OUT', '--weights', '--weight-steps'],
    benchmark: ['--threads', '--baseline', '--rounds', '--json'],
  };

  it('of the tool names its subcommands', () => {
    const help = succeed(['--help']);
    for (const name of Object.keys(options)) assert.match(help, new RegExp(`^ +${name} +[A-Z]`, 'm'));
  });

  for (const [name, expected] of Object.entries(options)) {
    it(`of ${name} names its options`, () => {
      const help = succeed([name, '--help']);
      for (const option of expected) assert.match(help, new RegExp(`^ +(-\\w,)?${option}\\b`, 'm'));
    });
  }

  it('and --version need no subcommand', () => assert.match(succeed(['--version']), /^inkread \d+\.\d+\.\d+\n$/));
});

describe('a wrong command line', () => {
  const wrong = (args, line) => assertRefused(args, line, { code: 2 });

  it('without a subcommand gets a hint', () => wrong([], /the command line: .*subcommand.* \(inkread --help tells/));
  it('with an unknown subcommand is told which', () => {
    wrong(['raed', 'x.png'], /there is no subcommand or option raed \(inkread --help tells/);
    wrong(['--quiet'], /there is no subcommand or option --quiet/);
  });
  it("with an unknown option is told where that subcommand's options are", () =>
    wrong(['inspect', seedNetwork, '--jsn'], /--jsn \(inkread inspect --help tells/));
  it('with two forms of output is refused', () => wrong(['read', '--json', '--csv', 'x.png'], /excludes/));
  it('with a number that is none is refused in words', () => {
    const evaluate = ['evaluate', seedNetwork, '--mnist', folder, '--limit'];
    for (const limit of ['0', '-3', 'ten', '1.5', '99999999999999999999']) {
      wrong([...evaluate, limit], new RegExp(`--limit: it must be a whole number from 1, not ${limit} `));
    }
  });
});

describe('inspect', () => {
  const expected = [
    ['conv1', 'Conv', [32, 26, 26], 320, 194688],
    ['relu1', 'Relu', [32, 26, 26], 0, 0],
    ['pool1', 'MaxPool', [32, 13, 13], 0, 0],
    ['conv2', 'Conv', [64, 11, 11], 18496, 2230272],
    ['relu2', 'Relu', [64, 11, 11], 0, 0],
    ['conv3', 'Conv', [64, 9, 9], 36928, 2985984],
    ['relu3', 'Relu', [64, 9, 9], 0, 0],
    ['conv4', 'Conv', [32, 7, 7], 18464, 903168],
    ['relu4', 'Relu', [32, 7, 7], 0, 0],
    ['pool2', 'MaxPool', [32, 3, 3], 0, 0],
    ['flatten1', 'Flatten', [288, 1, 1], 0, 0],
    ['dense1', 'Gemm', [10, 1, 1], 2890, 2880],
    ['softmax1', 'Softmax', [10, 1, 1], 0, 0],
  ];
  const fileBytes = readFileSync(seedNetwork).length;

  it("prints the seed network's layers, parameters and cost", () => {
    const [, image, ...lines] = succeed(['inspect', seedNetwork]).trimEnd().split('\n');
    assert.match(image, /^image +1 x 28 x 28 *$/);
    expected.forEach(([name, operator, output, parameters, macs], i) => {
      const shape = output[1] === 1 ? `${output[0]}` : output.join(' x ');
      const numbers = [parameters, macs].filter((number) => number > 0).map((number) => number.toLocaleString('en'));
      assert.match(lines[i], new RegExp(`^${name} +${operator} .*\\b${[shape, ...numbers].join(' +')} *$`));
    });
    assert.equal(lines.at(-1),
      `77,098 parameters, 6,316,992 multiply-accumulate operations an image, ${fileBytes.toLocaleString('en')} bytes with weights of float32`);
  });

  it('--json gives the same for machines', () => {
    const { layers, parameters, macs, weights, calibration, file_bytes } =
      JSON.parse(succeed(['inspect', seedNetwork, '--json']));
    assert.deepEqual([parameters, macs, file_bytes], [77098, 6316992, fileBytes]);
    assert.deepEqual([weights, calibration], ['float32', null]);
    assert.deepEqual(layers.map((layer) => [layer.name, layer.operator, layer.output, layer.parameters, layer.macs]), expected);
    assert.equal(layers.find(({ name }) => name === 'conv2').settings, '3x3, 32 to 64');
  });

  it("prints another tool's network too", () => {
    const file = join(folder, 'linear.onnx');
    writeFileSync(file, linearNetwork());
    assert.match(succeed(['inspect', file]), /Gemm +784 to 10 +10 +7,850 +7,840/);
  });

  it('refuses what is no network', () => {
    const file = join(folder, 'cut.onnx');
    writeFileSync(file, readFileSync(seedNetwork).subarray(0, 5000));
    assertRefused(['inspect', file], /cut\.onnx: it ends too early|cut\.onnx: it is damaged/);
    assertRefused(['inspect', '/dev/null'], /\/dev\/null: /);
  });
});

describe('output that cannot be written', { skip: existsSync('/dev/full') ? false : 'needs /dev/full' }, () => {
  for (const args of [['inspect', seedNetwork], ['inspect', seedNetwork, '--json'], ['--help']]) {
    it(`of ${args[0]} ${args[2] ?? ''} is an error`, () => {
      const words = [tool, ...args].map((word) => `'${word}'`).join(' ');
      const { status, stderr } = spawnSync('sh', ['-c', `${words} > /dev/full`], { encoding: 'utf8' });
      assert.match(stderr, /^inkread: standard output: writing failed; the results are not complete\n$/);
      assert.equal(status, 1);
    });
  }
});
