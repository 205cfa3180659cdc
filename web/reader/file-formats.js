// What kind of file it is that nothing here can read: told from its first bytes, for the sentence that names it.

/** Where a format has its mark, and the mark. @type {readonly [name: string, at: number, mark: string][]} */
const MARKS = [
  ['PDF', 0, '%PDF'],
  ['TIFF', 0, 'II*\0'],
  ['TIFF', 0, 'MM\0*'],
  ['Photoshop', 0, '8BPS'],
  ['HEIC', 4, 'ftyphei'],
  ['HEIC', 4, 'ftypmif1'],
  ['HEIC', 4, 'ftypmsf1'],
  ['AVIF', 4, 'ftypavi'],
  ['MP4', 4, 'ftyp'],
  ['WebP', 8, 'WEBP'],
  ['WAV', 8, 'WAVE'],
  ['JPEG XL', 0, '\xff\x0a'],
  ['JPEG XL', 4, 'JXL '],
  ['ZIP', 0, 'PK\x03\x04'],
  ['RTF', 0, '{\\rtf'],
  ['SVG', 0, '<svg'],
  ['PNG', 0, '\x89PNG'],
  ['JPEG', 0, '\xff\xd8\xff'],
  ['GIF', 0, 'GIF8'],
  ['BMP', 0, 'BM'],
];

/** Enough for every mark. */
const BYTES = 16;

/** Undefined for what is not known. @param {Blob} file @returns {Promise<string | undefined>} */
export async function formatOf(file) {
  const bytes = await file.slice(0, BYTES).arrayBuffer().catch(() => new ArrayBuffer(0));
  const start = String.fromCharCode(...new Uint8Array(bytes));
  return MARKS.find(([, at, mark]) => start.startsWith(mark, at))?.[0];
}
