// SPDX-License-Identifier: MIT
// Which sentence tells a reading, and what is heard after it, in every language.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { messages as german } from '../../web/languages/de/messages.js';
import { messages as english } from '../../web/languages/en/messages.js';
import { shareBeside, spokenAfterVerdict, verdictOf } from '../../web/languages/measures.js';

const reading = (text, reason, confidence, second) => ({
  text, reason, accepted: reason === null, confidence, alternatives: second ? [{ text: '', confidence: 0.3 }, { text: second, confidence: 0.2 }] : [],
});
const told = (...values) => [english, german].map((words) => verdictOf(reading(...values), words));
const beside = (...values) => [english, german].map((words) => shareBeside(reading(...values), words));
const heard = (...values) => spokenAfterVerdict(reading(...values));

test('An accepted reading is named as surely as it is', () => {
  assert.deepEqual(told('8', null, 0.6), ['Perhaps an 8', 'Vielleicht eine 8']);
  assert.deepEqual(told('7', null, 0.7), ['Probably a 7', 'Wahrscheinlich eine 7']);
  assert.deepEqual(told('42', null, 0.95), ['Very likely 42', 'Sehr wahrscheinlich 42']);
  assert.deepEqual(told('3', null, 0.995), ['Almost certainly a 3', 'Fast sicher eine 3']);
  assert.equal(heard('42', null, 0.95), '');
});

test('What is too long for a sentence is heard after it', () => {
  assert.deepEqual(told('1234567890123', null, 0.995), ['Almost certainly this number', 'Fast sicher diese Zahl']);
  assert.deepEqual(told('12\n34', null, 0.995), ['Almost certainly these 2 lines', 'Fast sicher diese 2 Zeilen']);
  assert.equal(heard('12\n34', null, 0.995), ': 12, 34');
});

test('Two that are hard to tell apart are both named, the empty text never', () => {
  assert.deepEqual(told('4', 'unsure', 0.5, '9'), [
    'Not sure. It could be a 4 (50%) or a 9 (20%).', 'Nicht sicher. Es könnte eine 4 (50\u00a0%) oder eine 9 (20\u00a0%) sein.',
  ]);
  assert.equal(heard('47', 'unsure', 0.5, '97'), '');
});

test('A guess that no sentence names is heard', () => {
  for (const [text, second] of [['47', undefined], ['47', '12\n34'], ['12\n34', '17']]) {
    assert.match(told(text, 'unsure', 0.5, second)[0], /^Not sure of every digit/);
    assert.equal(heard(text, 'unsure', 0.5, second), ` ${text.replace('\n', ', ')}`);
  }
  assert.match(told('47', 'not-a-digit', 0.5, '97')[1], /^Nicht alles davon/);
  assert.equal(heard('47', 'not-a-digit', 0.5, '97'), ' 47');
  assert.match(told('4', 'not-a-digit', 0.5, '9')[0], /does not look like a digit/);
  assert.equal(heard('4', 'not-a-digit', 0.5, '9'), '');
});

test('The probability stands beside every verdict that does not say it', () => {
  assert.deepEqual(beside('42', null, 0.95), ['95%', '95\u00a0%']);
  assert.deepEqual(beside('4', 'unsure', 0.5, '9'), ['', '']);
  assert.deepEqual(beside('12\n34', 'unsure', 0.5, '17'), ['50%', '50\u00a0%']);
  assert.deepEqual(beside('47', 'not-a-digit', 0.2, '97'), ['20%', '20\u00a0%']);
  assert.deepEqual(beside('8', 'not-a-digit', 0.35, '3'), ['At best an 8 (35%).', 'Am ehesten eine 8 (35\u00a0%).']);
});
