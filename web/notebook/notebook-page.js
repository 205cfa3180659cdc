// The page Notebook: it is off, locked or open.

import { carryOver, keepOffline } from '../offline/offline.js';
import { lockAutomatically } from './auto-lock.js';
import { attempt, clearSecrets, onSubmit } from './form.js';
import { KeptReadings } from './kept-readings.js';
import { messages } from './messages.js';
import { NewPassphrase } from './new-passphrase.js';
import { Notebook } from './notebook.js';
import { FormDialog, byId, fieldById, formById, say, tryTo } from './page-parts.js';
import { SettingsView } from './settings-view.js';

/** @typedef {Notebook['state']} State */

/** What has the focus when the state comes about. @type {Record<State, string>} */
const FIRST_FIELDS = { off: 'new-passphrase', locked: 'passphrase', open: 'main' };

tryTo(async () => begin(await Notebook.find()));
keepOffline();

/** @param {Notebook} notebook */
function begin(notebook) {
  const readings = new KeptReadings(notebook);
  const autoLock = lockAutomatically(notebook, () => say(messages.lockedForRest));
  const settings = new SettingsView(notebook, (minutes) => autoLock.start(minutes));
  /** @type {State | null} */
  let shown = null;

  const show = () => {
    const { state, passkeys } = notebook;
    for (const id of ['off', 'locked', 'open']) byId(id).hidden = id !== state;
    byId('lock').hidden = state !== 'open';
    byId('unlock-passkey').hidden = passkeys.length === 0;
    if (state === 'open') {
      readings.show();
      settings.show();
    } else {
      readings.clear();
      settings.clear();
      clearSecrets(document);
    }
    // Not when the page opens: nobody asked for it yet.
    if (shown && shown !== state) byId(FIRST_FIELDS[state]).focus();
    shown = state;
  };
  carryOver({ loss: () => (notebook.state === 'open' ? 'updateLocks' : null), carry: () => true });
  notebook.addEventListener('change', show);
  show();

  wireTurningOn(notebook);
  wireUnlocking(notebook);
  wireErasing(notebook);
  byId('lock').addEventListener('click', () => {
    notebook.lock();
    say(messages.locked);
  });
}

/** @param {Notebook} notebook */
function wireTurningOn(notebook) {
  const form = formById('turn-on');
  const passphrase = new NewPassphrase(form);
  onSubmit(form, async () => {
    await notebook.turnOn(passphrase.take());
    passphrase.showStrength();
    say(messages.turnedOn);
  });
}

/** @param {Notebook} notebook */
function wireUnlocking(notebook) {
  const form = formById('unlock');
  const unlock = (/** @type {import('./notebook.js').Opener} */ opener) => async () => {
    await notebook.unlock(opener);
    say(messages.unlocked);
  };
  onSubmit(form, () => unlock({ passphrase: fieldById('passphrase').value })());
  byId('unlock-passkey').addEventListener('click', () => attempt(form, unlock('passkey')));
}

/** @param {Notebook} notebook */
function wireErasing(notebook) {
  const dialog = new FormDialog('erase-dialog');
  for (const button of document.querySelectorAll('[data-erase]')) button.addEventListener('click', () => dialog.open());
  onSubmit(dialog.form, async () => {
    await notebook.erase();
    dialog.close();
    say(messages.erased);
  });
}
