// The ways by which a picture comes in: chosen, dropped anywhere on the page, pasted.

/**
 * @typedef {object} PictureListener
 * @property {(files: File[]) => void} onfiles one or more files, of whatever kind
 * @property {(way: 'drop' | 'paste') => void} onnothing what came in holds no file
 */

/**
 * @param {HTMLInputElement} chooser
 * @param {HTMLElement} target shown as the place for a picture that is dragged over the page
 * @param {PictureListener} listener
 */
export function listenForPictures(chooser, target, { onfiles, onnothing }) {
  chooser.addEventListener('change', () => {
    const files = Array.from(chooser.files ?? []);
    // Else choosing the same file again would not be a change.
    chooser.value = '';
    if (files.length > 0) onfiles(files);
  });

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
  document.addEventListener('drop', (event) => {
    event.preventDefault();
    target.toggleAttribute('data-drop', false);
    const files = Array.from(event.dataTransfer?.files ?? []);
    if (files.length > 0) onfiles(files);
    else onnothing('drop');
  });
}
