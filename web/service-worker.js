// Keeps the site for use without a connection. The files of one version are kept together, checked by their content, and pages
// are answered from there. A newer version waits until somebody asks for it or no page is open; a page that is open then goes
// on with the version it began with.
//
// A classic script, as not every browser takes modules here. Its address must never change: by it, pages that an older version
// keeps find the next one.

const worker = /** @type {ServiceWorkerGlobalScope} */ (/** @type {unknown} */ (self));
const scope = new URL(worker.registration.scope);

/**
 * The files of this version, put here by tools/site/precache.mjs: names to hashes of their content. `always` is kept from the start,
 * `onUse` once it is asked for, or when a page says that there is time for the rest.
 * @type {{ version: string, always: Record<string, string>, onUse: Record<string, string> }}
 */
const SITE = { version: '', always: {}, onUse: {} };

/** The engine, and what is kept as well where the browser cannot run it. */
const ENGINE = 'inkread.wasm';
const ENGINE_WITHOUT_WASM = 'inkread-nowasm.js';

/** Where the system posts what somebody shares with the app, as the manifest says; shared-files.js, on this page, takes it. */
const SHARE_TARGET = new URL('share-target', scope).pathname;
const READ_PAGE = 'read.html';
const SHARED_CACHE = `inkread ${scope.pathname} shared`;
const MAX_SHARED_FILES = 200;

const CACHE = `inkread ${scope.pathname} ${SITE.version}`;

/** A version of the site at this address; a host may have more of them at other addresses. @param {string} name */
const isVersion = (name) => name.startsWith(`inkread ${scope.pathname} `) && name !== SHARED_CACHE;

/** Left by a version that named its caches in another way. @param {string} name */
const isForgotten = (name) => name.startsWith('inkread') && !name.startsWith('inkread /');

const hashes = new Map(Object.entries({ ...SITE.always, ...SITE.onUse }));

/** By the content's hash a newer version finds what it need not fetch. @param {string} name */
const keyOf = (name) => new URL(`${name}?${hashes.get(name)}`, scope).href;

/**
 * In the cache of every version that has been active: pages and workers (by their id) that go on with an older version, and
 * the caches these have. Memory alone would not do: the browser ends service workers at will.
 */
const OLDER_CLIENTS = new URL('?older-clients', scope).href;
/** @type {Promise<Map<string, string>> | undefined} */
let olderClients;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', (event) => {
  if (event.data === 'activate') worker.skipWaiting();
  if (event.data === 'keep rest') event.waitUntil(keepRest());
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method === 'POST' && url.origin === scope.origin && url.pathname === SHARE_TARGET) {
    event.respondWith(receiveShared(request));
  } else if (request.method === 'GET' && url.origin === scope.origin && url.pathname.startsWith(scope.pathname)) {
    // Whatever fails here, the page shall be no worse off than without a service worker.
    const response = answer(event, url).catch(() => fetch(request));
    event.respondWith(request.mode === 'navigate' ? response.catch((error) => leadHome(url, error)) : response);
  }
});

async function install() {
  const isNew = !(await caches.has(CACHE));
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(Object.keys(SITE.always).map((name) => keep(cache, name)));
    await Promise.all(Object.keys(SITE.onUse).map(async (name) => (await isKeptInAnyVersion(name)) && keep(cache, name)));
    if (hashes.has(ENGINE_WITHOUT_WASM) && !(await canRunEngine(cache))) await keep(cache, ENGINE_WITHOUT_WASM);
  } catch (error) {
    if (isNew) await caches.delete(CACHE);
    throw error;
  }
  // Pages of a version that is not known here, or has lost its files, may have no way to ask for this one.
  if (!(await activeVersion())) await worker.skipWaiting();
}

/** @param {Cache} cache */
async function canRunEngine(cache) {
  if (typeof WebAssembly !== 'object') return false;
  const engine = await cache.match(keyOf(ENGINE));
  return !engine || WebAssembly.validate(await engine.arrayBuffer());
}

async function activate() {
  const previous = await activeVersion();
  const clients = await worker.clients.matchAll({ includeUncontrolled: true, type: 'all' });
  const older = previous ? await readOlderClients(await caches.open(previous)) : new Map();
  olderClients = Promise.resolve(new Map(previous
    ? clients.filter(({ url }) => url.startsWith(scope.href)).map(({ id }) => [id, older.get(id) ?? previous])
    : []));
  await tidy();
  // The pages of the first visit too: what they load later is then there without a connection.
  await worker.clients.claim();
}

/** The cache of the version that is, or was until now, active beside this one. */
async function activeVersion() {
  const names = (await caches.keys()).filter((name) => isVersion(name) && name !== CACHE);
  return (await thatWereActive(names)).at(-1);
}

/** @param {string[]} names of caches */
async function thatWereActive(names) {
  const records = await Promise.all(names.map(async (name) => (await caches.open(name)).match(OLDER_CLIENTS)));
  return names.filter((_, i) => records[i]);
}

/** @param {Cache} cache @returns {Promise<Map<string, string>>} */
async function readOlderClients(cache) {
  const record = await cache.match(OLDER_CLIENTS);
  return new Map(record ? await record.json() : []);
}

/** Writes down which older clients are still there, and deletes what none of them needs. */
async function tidy() {
  const older = await currentOlderClients();
  const clients = await worker.clients.matchAll({ includeUncontrolled: true, type: 'all' });
  const open = new Set(clients.map(({ id }) => id));
  for (const id of older.keys()) if (!open.has(id)) older.delete(id);
  await writeOlderClients(older);
  const needed = new Set([CACHE, ...older.values()]);
  const versions = (await caches.keys()).filter((name) => isVersion(name) && !needed.has(name));
  // A newer version that is on its way has not been active yet, and needs its files.
  const isNewerOnItsWay = worker.registration.installing !== null || worker.registration.waiting !== null;
  const names = (await caches.keys()).filter(isForgotten).concat(isNewerOnItsWay ? await thatWereActive(versions) : versions);
  await Promise.all(names.map((name) => caches.delete(name)));
}

function currentOlderClients() {
  olderClients ??= caches.open(CACHE).then(readOlderClients);
  return olderClients;
}

/** @param {Map<string, string>} older */
async function writeOlderClients(older) {
  await (await caches.open(CACHE)).put(OLDER_CLIENTS, new Response(JSON.stringify([...older])));
}

/** @param {FetchEvent} event @param {URL} url */
async function answer(event, url) {
  const { request, clientId, resultingClientId } = event;
  const isNavigation = request.mode === 'navigate';
  const older = await currentOlderClients();
  const olderCache = isNavigation ? undefined : older.get(clientId);
  if (olderCache) {
    if (resultingClientId) { // a worker that an older page starts
      older.set(resultingClientId, olderCache);
      event.waitUntil(writeOlderClients(older));
    }
    return (await matchOlder(olderCache, url)) ?? fetch(request);
  }
  // A page or a worker begins: a moment at which others may have ended.
  if (resultingClientId && older.size > 0) event.waitUntil(tidy());

  const name = namesFor(url).find((candidate) => hashes.has(candidate));
  if (!name) return fetch(request);
  const cache = await caches.open(CACHE);
  return (await cache.match(keyOf(name))) ?? (await fetchAndKeep(event, cache, name)) ?? fetch(request);
}

/**
 * A page that is not kept cannot come without a connection: Home says so in its place, in the page's language.
 * @param {URL} url
 * @param {unknown} error
 */
async function leadHome(url, error) {
  const page = namesFor(url).find((candidate) => hashes.has(candidate)) ?? '';
  const home = `index${/\.\w+(?=\.html$)/.exec(page)?.[0] ?? ''}.html`;
  const isKept = await (await caches.open(CACHE)).match(keyOf(home));
  if (page === home || !isKept) throw error;
  return Response.redirect(new URL(`${home}?not-kept`, scope).href);
}

/** @param {string} cacheName @param {URL} url */
async function matchOlder(cacheName, url) {
  const cache = await caches.open(cacheName);
  for (const name of namesFor(url)) {
    const response = await cache.match(new URL(name, scope), { ignoreSearch: true });
    if (response) return response;
  }
  return undefined;
}

/** What an address may stand for: folders for their index page, and on some hosts pages without their ending. @param {URL} url */
function namesFor({ pathname }) {
  const path = pathname.slice(scope.pathname.length);
  return path === '' || path.endsWith('/') ? [`${path}index.html`] : [path, `${path}.html`];
}

/** Puts a file into the cache, from an older version's if it is the same. @param {Cache} cache @param {string} name */
async function keep(cache, name) {
  const key = keyOf(name);
  if (await cache.match(key)) return;
  const response = (await caches.match(key)) ?? (await fetchChecked(name, 'low'));
  if (!response) throw new Error(`${name} is not of the version ${SITE.version}`);
  await cache.put(key, response);
}

/** Then people count on it without a connection. @param {string} name */
const isKeptInAnyVersion = (name) => caches.match(new URL(name, scope), { ignoreSearch: true });

/** The rooms that nobody has opened yet, one file after the other, so that nothing else has to wait. */
async function keepRest() {
  const cache = await caches.open(CACHE);
  try {
    for (const name of Object.keys(SITE.onUse)) if (name !== ENGINE_WITHOUT_WASM) await keep(cache, name);
  } catch {
    // The connection has gone, the disk is full, or the host has another version by now: the next page asks again.
  }
}

/** @param {FetchEvent} event @param {Cache} cache @param {string} name */
async function fetchAndKeep(event, cache, name) {
  const response = await fetchChecked(name);
  // A full disk is no reason not to answer.
  if (response) event.waitUntil(cache.put(keyOf(name), response.clone()).catch(() => {}));
  return response;
}

/**
 * A file of this very version; null if the host has another one by now. The browser's own cache comes first: on a first visit it
 * holds what the page has just fetched.
 * @param {string} name
 * @param {RequestPriority} [priority]
 */
async function fetchChecked(name, priority) {
  for (const cache of /** @type {const} */ (['force-cache', 'reload'])) {
    const response = await fetch(new URL(name, scope), { cache, priority });
    const content = await response.arrayBuffer();
    if (response.ok && (await hashOf(content)) === hashes.get(name)) {
      // Made anew: one that came by a redirection is refused as the answer to a navigation.
      const headers = new Headers(response.headers);
      for (const header of ['Content-Encoding', 'Content-Length']) headers.delete(header);
      return new Response(content, { headers });
    }
  }
  return null;
}

/** As tools/site/precache.mjs computes it. @param {ArrayBuffer} content */
async function hashOf(content) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return btoa(String.fromCharCode(...digest.subarray(0, 15))).replace(/\+/g, '-').replace(/\//g, '_');
}

/** Keeps shared files for the page, which takes them at once. @param {Request} request */
async function receiveShared(request) {
  try {
    const form = await request.formData();
    const files = form.getAll('pictures').filter((value) => value instanceof File).slice(0, MAX_SHARED_FILES);
    await caches.delete(SHARED_CACHE);
    const cache = await caches.open(SHARED_CACHE);
    for (const [i, file] of files.entries()) {
      const key = new URL(`?shared=${i}&name=${encodeURIComponent(file.name)}`, scope).href;
      await cache.put(key, new Response(file, { headers: { 'Content-Type': file.type } }));
    }
  } catch {
    // The page finds nothing, and says so.
  }
  // In the language that the app was installed in.
  const asked = new URL(request.url).searchParams.get('page') ?? READ_PAGE;
  const page = hashes.has(asked) ? asked : READ_PAGE;
  return Response.redirect(new URL(`${page}?shared`, scope).href, 303);
}
