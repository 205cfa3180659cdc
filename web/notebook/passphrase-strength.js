// A rough measure of a passphrase. It sees length, variety, repetition and runs; it cannot know whether others could guess it,
// and the words beside it say so.

export const SHORTEST = 8;

/** @typedef {'short' | 'weak' | 'fair' | 'good'} Strength */

/** Bits from which it is fair and good, given that every guess costs the rounds of PBKDF2. */
const FAIR = 32;
const GOOD = 50;

/** Bits a character. Letters are mostly of words, and most capitals begin one. */
const BITS = { letter: 2.5, digit: 3.3, other: 4, changeOfCase: 1.5 };

const RUNS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm'];
const COMMON = /p[a@]ss(w[o0]rd|phrase)?|letmein|welcome|inkread|notebook|iloveyou|dragon|monkey|football|admin|master|secret/gi;

/** @param {string} passphrase @returns {Strength} */
export function strengthOf(passphrase) {
  if ([...passphrase].length < SHORTEST) return 'short';
  const bits = estimateBits(passphrase.replace(COMMON, '*'));
  if (bits >= GOOD) return 'good';
  return bits >= FAIR ? 'fair' : 'weak';
}

/** Of the characters that neither repeat nor continue what is before them. @param {string} passphrase */
function estimateBits(passphrase) {
  const seen = new Set();
  let before = '';
  let bits = 0;
  for (const character of passphrase) {
    const pair = (before + character).toLowerCase();
    const isRun = before !== '' && RUNS.some((run) => run.includes(pair) || run.includes([...pair].reverse().join('')));
    const isRepeated = character === before || (before !== '' && seen.has(pair));
    if (!isRun && !isRepeated) bits += bitsOf(character, before);
    seen.add(pair);
    before = character;
  }
  return bits;
}

/** @param {string} character @param {string} before */
function bitsOf(character, before) {
  if (/\d/.test(character)) return BITS.digit;
  if (!/\p{L}/u.test(character)) return BITS.other;
  const changesCase = /\p{L}/u.test(before) && isCapital(character) !== isCapital(before);
  return BITS.letter + (changesCase ? BITS.changeOfCase : 0);
}

/** @param {string} letter */
const isCapital = (letter) => letter !== letter.toLowerCase();
