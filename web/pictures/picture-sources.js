// The ways by which pictures come in: taken, chosen, dropped anywhere on the page, pasted.

/**
 * @typedef {object} PictureListener
 * @property {(files: File[]) => void} onfiles one or more files, of whatever kind
 * @property {(way: 'drop' | 'paste' | 'camera') => void} onnothing what came in holds no file
 */

/**
 * @param {HTMLInputElement[]} choosers
 * @param {HTMLElement} target shown as the place for a picture that is dragged over the page
 * @param {PictureListener} listener
 */
export function listenForPictures(choosers, target, { onfiles, onnothing }) {
  for (const chooser of choosers) {
    chooser.addEventListener('change', () => {
      const files = Array.from(chooser.files ?? []);
      // Else choosing the same file again would not be a change.
      chooser.value = '';
      if (files.length > 0) onfiles(files);
    });
  }

  const camera = choosers.find((chooser) => chooser.hasAttribute('capture'));
  // Left, or not allowed: browsers do not tell.
  camera?.addEventListener('cancel', () => onnothing('camera'));

  document.addEventListener('paste', (event) => {
    const files = Array.from(event.clipboardData?.files ?? []);
    if (files.length > 0) onfiles(files);
    else onnothing('paste');
  });

  document.addEventListener('dragover', (event) => {
    event.preventDefault();
    target.toggleAttribute('data-drop', true);
  });
  document.addEventListener('dragleave', (event) => {
    // It also fires between the page's elements; only at its edge is nothing entered.
    if (!event.relatedTarget) target.toggleAttribute('data-drop', false);
  });
  document.addEventListener('drop', async (event) => {
    event.preventDefault();
    target.toggleAttribute('data-drop', false);
    const files = event.dataTransfer ? await droppedFiles(event.dataTransfer) : [];
    if (files.length > 0) onfiles(files);
    else onnothing('drop');
  });
}

/** Also those in folders, in the order of their names. @param {DataTransfer} transfer @returns {Promise<File[]>} */
async function droppedFiles(transfer) {
  // To be asked for at once: the transfer is emptied after the event.
  const entries = Array.from(transfer.items ?? [], (item) => item.webkitGetAsEntry?.() ?? null);
  const files = Array.from(transfer.files);
  if (!entries.some((entry) => entry?.isDirectory)) return files;
  const all = await Promise.all(entries.map((entry) => (entry ? filesBelow(entry) : [])));
  return all.flat();
}

/** @param {FileSystemEntry} entry @returns {Promise<File[]>} */
async function filesBelow(entry) {
  if (entry.isFile) {
    const file = /** @type {FileSystemFileEntry} */ (entry);
    return new Promise((resolve) => file.file((found) => resolve([found]), () => resolve([])));
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  /** @type {FileSystemEntry[]} */
  const entries = [];
  for (;;) {
    // It gives so many at a time, and none at the end.
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) break;
    entries.push(...some);
  }
  entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  const hidden = (/** @type {FileSystemEntry} */ { name }) => name.startsWith('.');
  return (await Promise.all(entries.filter((found) => !hidden(found)).map(filesBelow))).flat();
}
