// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { assertRefused, succeed, temporaryFolder, tool } from './support.mjs';

const folder = temporaryFolder();
const quick = ['benchmark', '--rounds', '1', '--threads', '1'];

/** The options that compare with a file as --json writes it, of one share. */
function baseline(name, share) {
  const file = join(folder, 'baseline.json');
  writeFileSync(file, JSON.stringify({ measurements: [{ name, share }] }));
  return ['--baseline', file];
}

describe('benchmark', () => {
  it('tells what kernels, networks and training reach of the peak', () => {
    const { threads, peak_gigaflops: peak, measurements } = JSON.parse(succeed([...quick, '--json']));
    assert.equal(threads, 1);
    assert.ok(peak > 0);
    for (const kind of [/^seed conv3, direct$/, /^seed conv3, Winograd$/, /^default conv2, weight gradient$/,
      /^seed inference, batch 1, 1 thread$/, /^default inference, batch 256, 1 thread$/, /^seed training, batch 120, 1 thread$/]) {
      const found = measurements.filter(({ name }) => kind.test(name));
      assert.equal(found.length, 1, String(kind));
      const [{ name, milliseconds, gigaflops, share, images_per_second: rate }] = found;
      assert.ok(milliseconds > 0 && gigaflops > 0);
      assert.ok(Math.abs(share - gigaflops / peak) < 1e-9);
      assert.equal(rate > 0, /inference|training/.test(name));
    }
  });

  it('fails where a share of the peak is far below the baseline, and only there', () => {
    const worse = spawnSync(tool, [...quick, ...baseline('seed conv3, direct', 1000)], { encoding: 'utf8' });
    assert.equal(worse.status, 1);
    assert.match(worse.stderr, /^inkread: seed conv3, direct: it reaches 0\.00 of the baseline's share of the peak\n$/);
    succeed([...quick, ...baseline('seed conv3, direct', 1e-6)]);
    succeed([...quick, ...baseline('of another version', 1000)]);
  });

  it('refuses a baseline that it did not write', () => {
    const file = join(folder, 'other.json');
    for (const text of ['', '[]', '{"measurements": 1}', '{"measurements": [{"name": 1, "share": 1}]}', '{"measurements": [{"name": "x"}]}']) {
      writeFileSync(file, text);
      assertRefused(['benchmark', '--baseline', file], /other\.json: it is not what inkread benchmark --json writes/);
    }
  });
});
