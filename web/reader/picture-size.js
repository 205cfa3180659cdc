// How many pixels a picture has, from the first bytes of its file.

/** In front of a JPEG's size may stand what a camera notes, a small picture among it. */
const BYTES = 256 * 1024;

/** @typedef {{ width: number, height: number }} Size */

/**
 * Null for other formats than PNG, JPEG, WebP, HEIC and AVIF. Not turned as EXIF or the container says.
 * @param {Blob} file
 * @returns {Promise<Size | null>}
 */
export async function sizeOf(file) {
  const view = new DataView(await file.slice(0, BYTES).arrayBuffer());
  try {
    if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
    if (view.getUint16(0) === 0xffd8) return sizeOfJpeg(view);
    if (view.getUint32(8) === fourcc('WEBP')) return sizeOfWebp(view);
    return view.getUint32(4) === fourcc('ftyp') ? sizeOfHeif(view) : null;
  } catch {
    // It ends before.
    return null;
  }
}

/** @param {string} letters */
function fourcc(letters) {
  return [...letters].reduce((value, letter) => value * 256 + letter.charCodeAt(0), 0);
}

/** In the frame header (ITU-T T.81, B.2.2). @param {DataView} view */
function sizeOfJpeg(view) {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
}

/** In the first chunk: of the extended, the lossless or the lossy format (RFC 9649). @param {DataView} view @returns {Size | null} */
function sizeOfWebp(view) {
  const chunk = view.getUint32(12);
  if (chunk === fourcc('VP8X')) return { width: (view.getUint32(24, true) & 0xffffff) + 1, height: (view.getUint32(26, true) >>> 8) + 1 };
  if (chunk === fourcc('VP8L')) {
    const sides = view.getUint32(21, true);
    return { width: (sides & 0x3fff) + 1, height: (sides >>> 14 & 0x3fff) + 1 };
  }
  const side = (/** @type {number} */ at) => view.getUint16(at, true) & 0x3fff;
  return chunk === fourcc('VP8 ') ? { width: side(26), height: side(28) } : null;
}

/** The largest extent among the image properties: others are of tiles and thumbnails (ISO/IEC 23008-12, 6.5.3). @param {DataView} view */
function sizeOfHeif(view) {
  /** @type {Size | null} */
  let largest = null;
  const property = fourcc('ispe');
  for (let at = 0; at + 16 <= view.byteLength; ++at) {
    if (view.getUint32(at) !== property) continue;
    const size = { width: view.getUint32(at + 8), height: view.getUint32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
