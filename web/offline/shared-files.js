// Pictures that somebody shares with the installed app: the service worker has put them aside for the page.

const CACHE = `inkread ${new URL('../', import.meta.url).pathname} shared`;

/**
 * The files that opened this page; null if it was opened in another way. They are kept no longer.
 * @returns {Promise<File[] | null>}
 */
export async function takeSharedFiles() {
  const address = new URL(location.href);
  const isShared = address.searchParams.has('shared');
  if (isShared) {
    // Else loading the page again would ask for them again.
    address.searchParams.delete('shared');
    history.replaceState(history.state, '', address);
  }
  try {
    const files = isShared ? await filesIn(await caches.open(CACHE)) : null;
    await caches.delete(CACHE);
    return files;
  } catch {
    return isShared ? [] : null;
  }
}

/** @param {Cache} cache */
async function filesIn(cache) {
  const keys = await cache.keys();
  return Promise.all(keys.map(async (key) => {
    const content = await (await cache.match(key))?.blob();
    return new File(content ? [content] : [], new URL(key.url).searchParams.get('name') ?? '', { type: content?.type });
  }));
}
