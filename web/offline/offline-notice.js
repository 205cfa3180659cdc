// A notice at the page's lower edge that waits and interrupts nothing. Loaded when there is something to say.

import { messages } from '../messages.js';

/** @typedef {keyof typeof messages.notices} NoticeKind */

class OfflineNotice extends HTMLElement {
  isAccepted = false;
}

customElements.define('offline-notice', OfflineNotice);

const styles = document.createElement('link');
styles.rel = 'stylesheet';
styles.href = new URL('offline-notice.css', import.meta.url).href;
const styled = new Promise((resolve) => {
  styles.onload = resolve;
  styles.onerror = resolve;
});
document.head.append(styles);

/**
 * Shows a notice in place of the one before it.
 * @param {NoticeKind} kind
 * @param {{ onaccept?: () => void, onlater: () => void }} answers
 */
export function showNotice(kind, { onaccept, onlater }) {
  const { text, accept, later } = messages.notices[kind];
  const earlier = document.querySelector('offline-notice');
  // Who has just answered by keyboard goes on there.
  const isAnswered = earlier?.contains(document.activeElement);
  earlier?.remove();
  const notice = new OfflineNotice();
  notice.setAttribute('role', 'status');
  const sentence = document.createElement('p');
  notice.append(sentence);
  if (onaccept) {
    notice.append(button(accept, 'button primary', () => {
      notice.isAccepted = true;
      onaccept();
    }));
  }
  notice.append(button(later, 'button', () => {
    onlater();
    notice.remove();
  }));
  styled.then(() => {
    document.body.append(notice);
    // Screen readers tell what comes into a status, not the status itself.
    sentence.textContent = text;
    if (isAnswered) notice.querySelector('button')?.focus();
  });
  return notice;
}

/** @param {string} label @param {string} className @param {() => void} onclick */
function button(label, className, onclick) {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = className;
  element.textContent = label;
  element.addEventListener('click', onclick);
  return element;
}
