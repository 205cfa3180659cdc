// Everything the notebook's scripts say to a person. notebook.html holds its own.

/** @import { Entry } from '../../notebook/entry.js' */
/** @import { NotebookErrorCode } from '../../notebook/notebook-error.js' */
/** @import { ImportResult } from '../../notebook/notebook.js' */
/** @import { Strength } from '../../notebook/passphrase-strength.js' */

const dateAndTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** @param {number} count @param {string} one @param {string} many */
const counted = (count, one, many) => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

/** @param {number} count */
const readings = (count) => counted(count, 'reading', 'readings');

/** @type {Record<NotebookErrorCode, string>} */
const errors = {
  'unavailable': 'This browser cannot keep a notebook here. It needs storage and encryption, which browsers may refuse to private'
    + ' windows and to pages without https.',
  'not-opened': 'That did not open it. The passphrase or passkey is another, or the notebook is damaged.',
  'locked': 'The notebook was locked meanwhile. Unlock it and try again.',
  'gone': 'The notebook was erased, or replaced, in another tab.',
  'entry-gone': 'This reading was deleted in another tab.',
  'already-on': 'The notebook was turned on in another tab. Unlock it with the passphrase that was given there.',
  'full': 'There is no room left on this device, so nothing was written. Delete something, here or elsewhere, and try again.',
  'storage': 'The browser could not reach its storage. Reload the page and try again.',
  'newer': 'A newer version of Inkread made this notebook. Reload the page to get that version.',
  'not-an-export': 'This file is no exported notebook.',
  'damaged-export': 'This file is damaged, and nothing of it can be read.',
  'newer-export': 'A newer version of Inkread wrote this file. Reload the page to get that version.',
  'large-export': 'This file is too large: at most 256 MB can be imported.',
  'passphrase-needed': 'This file is another notebook’s. Its passphrase is needed.',
  'passkey-failed': 'No passkey was given. It may have been cancelled, or this device has none for this page.',
  'passkey-useless': 'This passkey cannot unlock a notebook: it keeps no secret for this page. The passphrase still can.',
};

export const notebookMessages = {
  /** @param {NotebookErrorCode} code */
  error: (code) => errors[code],
  unexpected: 'Something went wrong. Reload the page and try again.',

  // Of the button beside an answer.
  keep: 'Keep in notebook',
  keeping: 'Keeping…',
  kept: 'Kept in the notebook',
  openNotebook: 'Open the notebook',

  // Of the question for a passphrase.
  passphrase: 'Passphrase',
  unlockHeading: 'Unlock the notebook',
  unlock: 'Unlock',
  withPasskey: 'Use a passkey',
  cancel: 'Cancel',
  importHeading: 'Passphrase of this file',
  importExplanation: 'It is another notebook’s. Give the passphrase that it had when the file was exported.',
  import: 'Import',
  passkeyHeading: 'Add a passkey',
  passkeyExplanation: 'Your passphrase, once more. Then your device asks for the passkey.',
  add: 'Continue',
  confirmationNeeded: 'The two passphrases differ.',

  /** @param {Strength} strength @param {number} shortest */
  strength(strength, shortest) {
    const words = {
      short: `At least ${shortest} characters. Several words that do not belong together are good, and easy to remember.`,
      weak: 'Weak. Whoever gets a copy of this device’s data may guess it.',
      fair: 'Fair. It withstands casual guessing.',
      good: 'Long enough to withstand guessing, if it is not a known phrase.',
    };
    return words[strength];
  },

  // Of the list.
  noEntries: 'Nothing is kept yet. Where Inkread gives an answer, choose “Keep in notebook”.',
  /** @param {number} shown @param {number} all */
  count: (shown, all) => (shown === all ? readings(all) : `${shown.toLocaleString('en')} of ${readings(all)}`),
  noMatches: 'No reading has these words.',
  /** @param {number} count */
  damaged: (count) => `${readings(count)} ${count === 1 ? 'is' : 'are'} damaged and cannot be shown. The others are not affected.`,
  /** @param {Entry} entry @returns {string} */
  sureness({ confidence, accepted, corrected }) {
    if (corrected) return 'Corrected by hand';
    if (!accepted) return 'Not sure';
    if (confidence >= 0.99) return 'Almost certain';
    if (confidence >= 0.9) return 'Very likely';
    return confidence >= 0.7 ? 'Probable' : 'Perhaps';
  },
  /** @param {number} time */
  time: (time) => dateAndTime.format(time),
  tiles: 'The digits as Inkread saw them',
  edit: 'Edit',
  delete: 'Delete',
  /** @param {string} action @param {string} text */
  actionOn: (action, text) => `${action}: ${text.split('\n').join(', ')}`,
  /** @param {number} count */
  showMore: (count) => `Show ${count.toLocaleString('en')} more`,
  /** @param {string} text */
  deleted: (text) => `Deleted: ${text.split('\n').join(', ')}`,
  restored: 'The reading is back.',
  edited: 'Changed.',

  // What happened.
  turnedOn: 'The notebook is on and unlocked.',
  unlocked: 'Unlocked.',
  locked: 'The notebook is locked.',
  lockedForRest: 'The notebook was locked, as it was not used.',
  erased: 'Everything has been erased.',
  exported: 'The file is ready. It opens with the passphrase of today.',
  /** @param {ImportResult} result */
  imported({ added, updated, unchanged, damaged }) {
    const parts = [
      `${readings(added)} added`,
      updated && `${updated.toLocaleString('en')} brought up to date`,
      unchanged && `${unchanged.toLocaleString('en')} already here`,
      damaged && `${damaged.toLocaleString('en')} damaged and left out`,
    ];
    return `${parts.filter(Boolean).join(', ')}.`;
  },
  passphraseChanged: 'The passphrase is changed. Files that were exported before still open with the old one.',
  passkeyAdded: 'The passkey now unlocks the notebook too.',
  passkeyRemoved: 'That passkey no longer unlocks the notebook. You can delete it from your device’s passkeys.',
  /** Counts from 1. @param {number} number */
  passkey: (number) => `Passkey ${number}`,
  remove: 'Remove',
  /** @param {number} minutes */
  minutes: (minutes) => (minutes === 60 ? 'an hour' : counted(minutes, 'minute', 'minutes')),
  persistent: 'This browser keeps the notebook until you erase it or clear this site’s data.',
  notPersistent: 'This browser may clear the notebook away when the device runs short of space. Export a file now and then.',
};
