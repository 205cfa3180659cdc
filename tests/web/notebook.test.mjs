// SPDX-License-Identifier: MIT
// The notebook's cryptography and files, without a browser.
import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { test } from 'node:test';

// Node 18 has it under another name.
globalThis.crypto ??= /** @type {any} */ (webcrypto);

const { isSealedEntry, seal, unseal } = await import('../../web/notebook/cipher.js');
const { entryOf, isEntry, matches } = await import('../../web/notebook/entry.js');
const { readExport, writeExport } = await import('../../web/notebook/export-file.js');
const {
  ROUNDS, createDataKey, isPassphraseSlot, unwrapByPasskey, unwrapByPassphrase, wrapForPasskey, wrapForPassphrase,
} = await import('../../web/notebook/keyring.js');
const { strengthOf } = await import('../../web/notebook/passphrase-strength.js');
const { fromBase64, randomBytes, toBase64 } = await import('../../web/notebook/bytes.js');
const { notebookMessages } = await import('../../web/languages/en/notebook.js');

/** Enough to try the code; what is shipped is tried where it is said. */
const FEW_ROUNDS = 1000;
const NOTEBOOK = '5e1f0c1e-notebook';
const ENTRY = Object.freeze({
  text: '0815\n42', confidence: 0.97, accepted: true, corrected: false, time: 1.7e12, changed: 1.7e12, note: 'Löffel', tiles: [],
});
const id = () => crypto.randomUUID();
const flipped = (bytes, at) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

test('the passphrase opens the data key, and the key is then not extractable', async () => {
  const slot = await wrapForPassphrase(await createDataKey(), 'correct horse', NOTEBOOK, FEW_ROUNDS);
  const key = await unwrapByPassphrase(slot, 'correct horse', NOTEBOOK);
  assert.equal(key.extractable, false);
  await assert.rejects(crypto.subtle.exportKey('raw', key));
});

test('the same passphrase typed with other code points opens it too', async () => {
  const slot = await wrapForPassphrase(await createDataKey(), 'cafe\u0301 au lait', NOTEBOOK, FEW_ROUNDS);
  assert.ok(await unwrapByPassphrase(slot, 'caf\u00e9 au lait', NOTEBOOK));
});

test('nothing else opens it: no other passphrase, notebook, salt, rounds, iv or wrapped key', async () => {
  const slot = await wrapForPassphrase(await createDataKey(), 'correct horse', NOTEBOOK, FEW_ROUNDS);
  const attempts = [
    [slot, 'correct horsE', NOTEBOOK],
    [slot, '', NOTEBOOK],
    [slot, 'correct horse', 'another'],
    [{ ...slot, salt: flipped(slot.salt, 3) }, 'correct horse', NOTEBOOK],
    [{ ...slot, rounds: FEW_ROUNDS + 1 }, 'correct horse', NOTEBOOK],
    [{ ...slot, iv: flipped(slot.iv, 0) }, 'correct horse', NOTEBOOK],
    [{ ...slot, wrapped: flipped(slot.wrapped, 40) }, 'correct horse', NOTEBOOK],
  ];
  for (const attempt of attempts) assert.equal(await unwrapByPassphrase(...attempt), null);
});

test('a damaged slot costs as much work as a wrong passphrase', async (t) => {
  const slot = await wrapForPassphrase(await createDataKey(), 'correct horse', NOTEBOOK);
  assert.equal(slot.rounds, ROUNDS);
  const derived = t.mock.method(crypto.subtle, 'deriveKey');
  for (const wrong of [slot, null, {}, { ...slot, salt: 'text' }, { ...slot, rounds: 1e12 }, { ...slot, rounds: -1 }]) {
    assert.equal(await unwrapByPassphrase(wrong, 'wrong', NOTEBOOK), null);
  }
  assert.deepEqual(derived.mock.calls.map((call) => call.arguments[0].iterations), Array(6).fill(ROUNDS));
});

test('new passphrases are stretched by at least 600,000 rounds of PBKDF2 with SHA-256 and a salt of their own', async (t) => {
  assert.ok(ROUNDS >= 600_000);
  const derived = t.mock.method(crypto.subtle, 'deriveKey');
  const dataKey = await createDataKey();
  const slots = await Promise.all([1, 2].map(() => wrapForPassphrase(dataKey, 'correct horse', NOTEBOOK)));
  for (const { arguments: [algorithm] } of derived.mock.calls) {
    assert.deepEqual([algorithm.name, algorithm.hash, algorithm.iterations], ['PBKDF2', 'SHA-256', ROUNDS]);
  }
  assert.notDeepEqual(slots[0].salt, slots[1].salt);
  assert.notDeepEqual(slots[0].iv, slots[1].iv);
});

test('another passphrase and a passkey open the same data key', async () => {
  const slot = await wrapForPassphrase(await createDataKey(), 'first', NOTEBOOK, FEW_ROUNDS);
  const sealed = await seal(await unwrapByPassphrase(slot, 'first', NOTEBOOK), 'an-entry-1', ENTRY);

  const transient = await unwrapByPassphrase(slot, 'first', NOTEBOOK, true);
  const next = await wrapForPassphrase(transient, 'second', NOTEBOOK, FEW_ROUNDS);
  assert.deepEqual(await unseal(await unwrapByPassphrase(next, 'second', NOTEBOOK), sealed), ENTRY);
  assert.equal(await unwrapByPassphrase(next, 'first', NOTEBOOK), null);

  const secret = randomBytes(32);
  const passkey = await wrapForPasskey(transient, { credential: randomBytes(16), salt: randomBytes(32), secret }, NOTEBOOK);
  assert.deepEqual(await unseal(await unwrapByPasskey(passkey, secret, NOTEBOOK), sealed), ENTRY);
  assert.equal(await unwrapByPasskey(passkey, randomBytes(32), NOTEBOOK), null);
});

test('a reading is encrypted with a fresh iv each time, and nothing of it shows', async () => {
  const key = await createDataKey();
  const [first, second] = [await seal(key, 'an-entry-1', ENTRY), await seal(key, 'an-entry-1', ENTRY)];
  assert.notDeepEqual(first.iv, second.iv);
  assert.notDeepEqual(first.ciphertext, second.ciphertext);
  assert.deepEqual(Object.keys(first).sort(), ['ciphertext', 'id', 'iv']);
  assert.ok(!Buffer.from(first.ciphertext).includes('0815'));
  assert.deepEqual(await unseal(key, first), ENTRY);
});

test('how long a number is does not show in the ciphertext’s length', async () => {
  const key = await createDataKey();
  const lengths = await Promise.all(['1', '1234567', '1234\n5678\n9012'].map(async (text) =>
    (await seal(key, id(), { ...ENTRY, text })).ciphertext.length));
  assert.equal(new Set(lengths).size, 1);
});

test('a reading belongs to its id: moved, altered or under another key it is damaged', async () => {
  const key = await createDataKey();
  const sealed = await seal(key, 'an-entry-1', ENTRY);
  assert.equal(await unseal(key, { ...sealed, id: 'an-entry-2' }), null);
  assert.equal(await unseal(key, { ...sealed, iv: flipped(sealed.iv, 5) }), null);
  assert.equal(await unseal(key, { ...sealed, ciphertext: flipped(sealed.ciphertext, 9) }), null);
  assert.equal(await unseal(key, { ...sealed, ciphertext: sealed.ciphertext.slice(0, 7) }), null);
  assert.equal(await unseal(await createDataKey(), sealed), null);
});

test('what is decrypted must be a reading', async () => {
  const key = await createDataKey();
  const wrong = [null, 7, [], { ...ENTRY, text: 5 }, { ...ENTRY, confidence: 2 }, { ...ENTRY, time: Infinity },
    { ...ENTRY, note: 'x'.repeat(6000) }, { ...ENTRY, tiles: ['AAAA'] }, { ...ENTRY, tiles: 'AAAA' }, { ...ENTRY, time: 1e300 }];
  for (const entry of wrong) {
    assert.equal(isEntry(entry), false, JSON.stringify(entry));
    assert.equal(await unseal(key, await seal(key, 'an-entry-1', entry)), null);
  }
});

test('tiles are kept only if they are asked for', () => {
  const tile = new Float32Array(784).fill(0.5);
  const reading = { text: '4', confidence: 1, accepted: true, digits: [{ tile }] };
  assert.deepEqual(entryOf(reading, false).tiles, []);
  const entry = entryOf(reading, true);
  assert.equal(fromBase64(entry.tiles[0]).length, 784);
  assert.ok(isEntry(entry));
});

async function sampleExport(passphrase = 'correct horse') {
  const dataKey = await createDataKey();
  const keyring = {
    version: 1, notebook: NOTEBOOK, passphrase: await wrapForPassphrase(dataKey, passphrase, NOTEBOOK, FEW_ROUNDS), passkeys: [],
  };
  return writeExport(keyring, [await seal(dataKey, id(), ENTRY), await seal(dataKey, id(), { ...ENTRY, text: '7' })]);
}

test('an exported file says what it is, opens with the passphrase, and shows nothing', async () => {
  const text = await sampleExport();
  const { format, version, cipher, key } = JSON.parse(text);
  assert.deepEqual([format, version, cipher, key.derivation, key.rounds],
    ['inkread-notebook', 1, 'AES-256-GCM', 'PBKDF2-SHA-256', FEW_ROUNDS]);
  const file = readExport(text);
  const dataKey = await unwrapByPassphrase(file.passphrase, 'correct horse', file.notebook);
  const entries = await Promise.all(file.entries.map((sealed) => unseal(dataKey, sealed)));
  assert.deepEqual(entries.map((entry) => entry.text), ['0815\n42', '7']);
  assert.equal(file.damaged, 0);
});

test('what is no export, or a damaged or newer one, is told apart', async () => {
  const text = await sampleExport();
  const fails = (content, code) => assert.throws(() => readExport(content), { code }, content.slice(0, 60));
  for (const other of ['', 'hello', '{}', '[]', 'null', '{"format":"other"}', '\x89PNG']) fails(other, 'not-an-export');
  fails(text.slice(0, -40), 'damaged-export');
  const changed = (change) => JSON.stringify(Object.assign(JSON.parse(text), change));
  fails(changed({ version: 2 }), 'newer-export');
  for (const change of [{ version: 'x' }, { version: 0 }, { notebook: 5 }, { entries: {} }, { key: null }]) fails(changed(change), 'damaged-export');
  const { key } = JSON.parse(text);
  for (const part of [{ rounds: 1e15 }, { rounds: '7' }, { salt: '!' }, { salt: 'AAAA' }, { wrapped: null }]) {
    fails(changed({ key: { ...key, ...part } }), 'damaged-export');
  }
});

test('records of a file that are none are counted, and the others kept', async () => {
  const file = JSON.parse(await sampleExport());
  file.entries.push(null, 5, { id: 'x' }, { id: '../../evil', iv: 'AAAA', ciphertext: 'AAAA' });
  const { entries, damaged } = readExport(JSON.stringify(file));
  assert.deepEqual([entries.length, damaged], [2, 4]);
});

test('only what has a record’s form is taken for one', () => {
  const sound = { id: 'an-entry-1', iv: randomBytes(12), ciphertext: randomBytes(40) };
  assert.ok(isSealedEntry(sound));
  for (const wrong of [null, {}, { ...sound, id: '' }, { ...sound, iv: randomBytes(11) }, { ...sound, ciphertext: 'text' }]) {
    assert.equal(isSealedEntry(wrong), false);
  }
  assert.equal(isPassphraseSlot(undefined), false);
});

test('bytes become base64 and come back, also many of them', () => {
  for (const length of [0, 1, 2, 3, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 37) % 256);
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  }
  for (const wrong of ['*', 'A', null, 5]) assert.equal(fromBase64(wrong), null);
});

test('the hint on a passphrase is not taken in by repetition, runs and well-known words', () => {
  const expected = {
    short: ['', 'seven77'],
    weak: ['password1', 'Password123!', 'aaaaaaaaaaaaaaaaaaaa', '1234567890123456', 'qwertyuiop123', 'abababababababab', 'sunshine1'],
    fair: ['kX9mQ2vRtB4z'],
    good: ['correct horse battery staple', 'my dog ate 3 green pears', 'Vq7#mTz!2pLw9&Rd'],
  };
  for (const [strength, passphrases] of Object.entries(expected)) {
    for (const passphrase of passphrases) assert.equal(strengthOf(passphrase), strength, passphrase);
  }
});

test('a search finds all its words, anywhere, in capitals or not', () => {
  const seen = ['0815', 'Locker of the pool', '23 Nov 2026'];
  for (const query of ['', '081', 'POOL locker', '  nov  ']) assert.ok(matches(seen, query), query);
  assert.ok(!matches(seen, 'pool 4711'));
});

test('every failure has its sentence, and a wrong passphrase the same as a damaged notebook', () => {
  const sentence = notebookMessages.error('not-opened');
  assert.match(sentence, /passphrase/);
  assert.match(sentence, /damaged/);
  for (const code of ['unavailable', 'full', 'gone', 'newer', 'damaged-export', 'passkey-failed']) {
    assert.match(notebookMessages.error(code), /\.$/);
  }
});
