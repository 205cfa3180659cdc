// The page without a connection: registers the service worker, and tells when a newer version is ready. Where a browser cannot
// or may not keep the page, nothing changes and nothing is said.

/** How often a page that stays open asks for a newer version. */
const UPDATE_CHECK_MS = 6 * 60 * 60_000;
/** For how long "later" holds. */
const LATER_MS = 24 * 60 * 60_000;

/** For so long a page is open before the rooms that nobody has opened yet are kept too: well after its first answer. */
const KEEP_REST_MS = 15_000;

/**
 * What a page does about being loaded anew: the notice that says what it would lose, and carrying the rest.
 * @typedef {{ loss: () => import('./offline-notice.js').NoticeKind | null, carry: () => unknown }} Contents
 */

/** @type {Contents} */
let contents = { loss: () => null, carry() {} };

let hasBegun = false;

// A page that is kept already: newer versions are to be offered from the start.
if (container()?.controller) keepOffline();

// The service worker leads here from pages that are not kept.
if (location.search === '?not-kept') tellNotKept();

/**
 * Keeps the site on this device. For the first answer's sake it waits for the page to be loaded and idle; a page that still
 * loads the reader had better call it later.
 */
export function keepOffline() {
  if (hasBegun) return;
  hasBegun = true;
  const begin = () => idle(() => {
    register();
    hintAtHomeScreen();
  });
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin, { once: true });
}

/** What the page shows is to outlive the start of a newer version. @param {Contents} ofPage */
export function carryOver(ofPage) {
  contents = ofPage;
}

/** The browser's, null where it has none or forbids it. */
function container() {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}

/** @param {() => void} task */
function idle(task) {
  if (typeof requestIdleCallback === 'function') requestIdleCallback(task, { timeout: 5000 });
  else setTimeout(task, 500);
}

/** Whether the person asked for few bytes: then only what is opened is kept. */
function savesData() {
  return 'connection' in navigator && /** @type {{ saveData?: boolean }} */ (navigator.connection).saveData === true;
}

async function register() {
  const workers = container();
  if (!workers) return;
  try {
    // Nothing but the network may answer for the service worker, so that a broken one is always replaced.
    const address = new URL('../service-worker.js', import.meta.url);
    const registration = await workers.register(address, { updateViaCache: 'none' });
    offer(registration.waiting);
    offerOnceInstalled(registration.installing);
    registration.addEventListener('updatefound', () => offerOnceInstalled(registration.installing));
    if (!savesData()) setTimeout(() => workers.ready.then(({ active }) => active?.postMessage('keep rest')), KEEP_REST_MS);
    let checked = Date.now();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || Date.now() - checked < UPDATE_CHECK_MS) return;
      checked = Date.now();
      registration.update().catch(() => {});
    });
  } catch {
    // Private windows, full disks and settings refuse it.
  }
}

/** @param {ServiceWorker | null} worker */
function offerOnceInstalled(worker) {
  worker?.addEventListener('statechange', () => offer(worker));
}

/** @param {ServiceWorker | null} worker */
async function offer(worker) {
  const workers = container();
  // Without one that is active there is nothing to replace.
  if (worker?.state !== 'installed' || !workers?.controller || wasPostponed('update')) return;
  const { showNotice } = await import('./offline-notice.js');
  const onlater = () => postpone('update');
  const start = () => {
    workers.addEventListener('controllerchange', reload, { once: true });
    if (worker.state === 'installed') worker.postMessage('activate');
    else reload();
  };
  let notice = showNotice('update', {
    onaccept() {
      const loss = contents.loss();
      if (loss) notice = showNotice(loss, { onaccept: start, onlater });
      else start();
    },
    onlater,
  });
  // Another page has asked for it, or it was replaced by a still newer one: this page goes on as it is.
  worker.addEventListener('statechange', () => {
    if (!notice.isAccepted) notice.remove();
  });
}

function reload() {
  contents.carry();
  location.reload();
}

async function tellNotKept() {
  history.replaceState(history.state, '', location.pathname);
  const { showNotice } = await import('./offline-notice.js');
  showNotice('notKept', { onlater() {} });
}

/** Safari on iPhone and iPad never offers to install a page by itself. */
async function hintAtHomeScreen() {
  const { userAgent, maxTouchPoints } = navigator;
  const isIos = /iPhone|iPad|iPod/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1);
  const isSafari = /Version\/\S+ (Mobile\/\S+ )?Safari\//.test(userAgent);
  const isInstalled = /** @type {{ standalone?: boolean }} */ (navigator).standalone !== false;
  if (!isIos || !isSafari || isInstalled || wasPostponed('homeScreen')) return;
  const { showNotice } = await import('./offline-notice.js');
  showNotice('homeScreen', { onlater: () => postpone('homeScreen') });
}

// An offer is postponed for a day, in this tab; the hint for good. Some settings forbid to remember anything.

/** @param {'update' | 'homeScreen'} kind */
function wasPostponed(kind) {
  try {
    if (kind === 'homeScreen') return localStorage.getItem('inkread-hint') === 'seen';
    return Date.now() - Number(sessionStorage.getItem('inkread-later')) < LATER_MS;
  } catch {
    return false;
  }
}

/** @param {'update' | 'homeScreen'} kind */
function postpone(kind) {
  try {
    if (kind === 'homeScreen') localStorage.setItem('inkread-hint', 'seen');
    else sessionStorage.setItem('inkread-later', String(Date.now()));
  } catch {
    // Then it is shown again.
  }
}
