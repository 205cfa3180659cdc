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
  ['QuickTime', 4, 'ftypqt'],
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

/** What a ZIP archive holds tells what it is: names of its files stand at its start and its end. @type {readonly [name: string, part: string][]} */
const ARCHIVES = [
  ['Word', 'word/'],
  ['Excel', 'xl/'],
  ['PowerPoint', 'ppt/'],
  ['OpenDocument', 'application/vnd.oasis.opendocument'],
];

/** Enough for every mark, and for what a text or an archive begins and ends with. */
const BYTES = 4096;

/** Undefined for what is not known. @param {Blob} file @returns {Promise<string | undefined>} */
export async function formatOf(file) {
  const [start, end] = await Promise.all([file.slice(0, BYTES), file.slice(-BYTES)].map(textOf));
  const format = MARKS.find(([, at, mark]) => start.startsWith(mark, at))?.[0];
  if (format === 'ZIP') return ARCHIVES.find(([, part]) => start.includes(part) || end.includes(part))?.[0] ?? format;
  // Perhaps behind a declaration, a comment, the mark of UTF-8.
  return format ?? (/^(\xef\xbb\xbf)?\s*<[?!]?[\s\S]*<svg[\s>]/.test(start) ? 'SVG' : undefined);
}

/** A character each byte. @param {Blob} part */
async function textOf(part) {
  const bytes = await part.arrayBuffer().catch(() => new ArrayBuffer(0));
  return String.fromCharCode(...new Uint8Array(bytes));
}
