// A dialog that asks for a passphrase, or instead a passkey, until it is right or the person gives up.

import { attempt, clearSecrets, onSubmit } from './form.js';
import { messages } from './messages.js';

/**
 * @param {{
 *   heading: string,
 *   explanation?: string,
 *   action: string,
 *   withPassphrase: (passphrase: string) => Promise<void>,
 *   withPasskey?: (() => Promise<void>) | null,
 * }} question the functions throw what is wrong
 * @returns {Promise<boolean>} false where the person gave up
 */
export function askPassphrase({ heading, explanation = '', action, withPassphrase, withPasskey = null }) {
  const title = element('h2', { id: 'ask-heading', textContent: heading });
  const field = element('input', { type: 'password', id: 'ask-passphrase', autocomplete: 'current-password', required: true });
  const label = element('label', { htmlFor: 'ask-passphrase', textContent: messages.passphrase });
  const failure = element('p', { className: 'failure', role: 'alert', id: 'ask-error' });
  failure.dataset.formError = '';
  field.setAttribute('aria-describedby', 'ask-error');
  const cancel = element('button', { type: 'button', className: 'button', textContent: messages.cancel });
  const passkey = element('button', { type: 'button', className: 'button', textContent: messages.withPasskey, hidden: !withPasskey });
  const submit = element('button', { type: 'submit', className: 'button primary', textContent: action });
  const form = element('form', {}, title, element('p', { className: 'note', textContent: explanation }),
    element('div', { className: 'field' }, label, field, failure),
    element('div', { className: 'row end' }, cancel, passkey, submit));
  const dialog = element('dialog', { className: 'dialog' }, form);
  dialog.setAttribute('aria-labelledby', 'ask-heading');
  // The page below has shortcuts of its own, and takes what is pasted.
  for (const type of ['keydown', 'paste']) dialog.addEventListener(type, (event) => event.stopPropagation());

  return new Promise((resolve) => {
    let isDone = false;
    const finish = (/** @type {() => Promise<void>} */ work) => async () => {
      await work();
      isDone = true;
      dialog.close();
    };
    onSubmit(form, finish(() => withPassphrase(field.value)));
    if (withPasskey) passkey.addEventListener('click', () => attempt(form, finish(withPasskey)));
    cancel.addEventListener('click', () => dialog.close());
    dialog.addEventListener('close', () => {
      clearSecrets(form);
      dialog.remove();
      resolve(isDone);
    });
    document.body.append(dialog);
    dialog.showModal();
    field.focus();
  });
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | (() => void)>} properties
 * @param {(Node | string)[]} children
 */
export function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}
