// How many pixels a picture has, from the first bytes of its file.

/** In front of a JPEG's size may stand what a camera notes, a small picture among it. */
const BYTES = 256 * 1024;

/**
 * Null for other formats than PNG and JPEG. Not turned as EXIF says.
 * @param {Blob} file
 * @returns {Promise<{ width: number, height: number } | null>}
 */
export async function sizeOf(file) {
  const view = new DataView(await file.slice(0, BYTES).arrayBuffer());
  try {
    if (view.getUint32(0) === 0x89504e47) return { width: view.getUint32(16), height: view.getUint32(20) };
    return view.getUint16(0) === 0xffd8 ? sizeOfJpeg(view) : null;
  } catch {
    // It ends before.
    return null;
  }
}

/** In the frame header (ITU-T T.81, B.2.2). @param {DataView} view */
function sizeOfJpeg(view) {
  for (let at = 2; ; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    const isFrame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return { width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
  }
}
