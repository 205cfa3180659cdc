// Everything the scripts of Home and Read say to a person, in German.

import { isPictureFormat, isShort, isTilted, leaning, sharesWith, spoken, thickness } from '../measures.js';

/** @import { FailureCode } from '../../reader/recogniser-protocol.js' */

const share = sharesWith(',', '\u00a0%');

/** @param {number} count */
const pictures = (count) => (count === 1 ? '1 Bild' : `${count} Bilder`);

/** @param {number} slant in degrees, to the right */
function lean(slant) {
  const much = ['', ' etwas', '', ' stark'][leaning(slant)];
  if (leaning(slant) === 0) return 'Steht aufrecht';
  return `Neigt sich${much} nach ${slant > 0 ? 'rechts' : 'links'} (${Math.round(Math.abs(slant))}°)`;
}

/** @param {number} width in pixels @param {number} height of the digit */
function strokes(width, height) {
  const kind = { thin: 'dünne ', usual: '', thick: 'dicke ' }[thickness(width, height)];
  const pixels = Number(width.toPrecision(2));
  return `${kind}Striche von ${String(pixels).replace('.', ',')} ${pixels === 1 ? 'Pixel' : 'Pixeln'}`;
}

/** @param {number} loops */
function closedLoops(loops) {
  const words = ['keine geschlossene Schleife', 'eine geschlossene Schleife', 'zwei geschlossene Schleifen'];
  return words[loops] ?? `${loops} geschlossene Schleifen`;
}

/** @type {Record<FailureCode, string>} */
const failures = {
  'empty': 'Diese Datei ist leer.',
  'truncated': 'Dieses Bild ist unvollständig: Die Datei endet zu früh. Sichern oder senden Sie es noch einmal.',
  'malformed': 'Dieses Bild ist beschädigt und lässt sich nicht öffnen.',
  'unsupported': 'Diese Art von Datei kann hier nicht gelesen werden. Wählen Sie ein PNG-, JPEG-, GIF- oder BMP-Bild.',
  'too-large': 'Dieses Bild ist zu groß: Höchstens 64 MB und 120 Millionen Pixel können gelesen werden.',
  'not-finite': 'Diese Werte können nicht gelesen werden.',
  'shape-mismatch': 'Diese Werte können nicht gelesen werden.',
  'invalid-argument': 'Das kann nicht gelesen werden.',
  'not-an-image': 'Diese Datei ist kein Bild. Wählen Sie ein PNG-, JPEG-, GIF- oder BMP-Bild.',
  'out-of-memory': 'Für dieses Bild reicht der Speicher nicht. Versuchen Sie ein kleineres.',
  'unreadable': 'Der Browser konnte diese Datei nicht öffnen. Wählen Sie sie noch einmal.',
  'internal': 'Die Erkennung ist unerwartet stehen geblieben und wurde neu gestartet. Bitte versuchen Sie es noch einmal.',
  'disposed': 'Die Erkennung wurde beendet. Laden Sie die Seite neu.',
  'timeout': 'Das Lesen dauerte zu lange und wurde abgebrochen. Versuchen Sie ein kleineres Bild.',
  'cannot-run': 'Dieser Browser kann die Erkennung nicht ausführen. Laden Sie die Seite neu; hilft das nicht, versuchen Sie einen anderen Browser.',
  'unavailable': 'Die Erkennung konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
};

/** @param {string} format */
const wrongFormat = (format) => (isPictureFormat(format)
  ? `Das ist ein ${format}-Bild von einer Art, die hier nicht gelesen werden kann. Sichern Sie es noch einmal als einfaches PNG- oder JPEG-Bild.`
  : `Das ist eine ${format}-Datei, die hier nicht gelesen werden kann. Machen Sie ein Foto, oder sichern Sie sie als PNG- oder JPEG-Bild.`);

/** @type {Partial<Record<FailureCode, string>>} */
const drawingFailures = {
  'too-large': 'Diese Zeichnung hat mehr Striche, als gelesen werden können. Leeren Sie die Fläche und beginnen Sie neu.',
  'out-of-memory': 'Für diese Zeichnung reicht der Speicher nicht. Schließen Sie andere Tabs und versuchen Sie es noch einmal.',
  'timeout': 'Das Lesen dauerte zu lange und wurde abgebrochen. Leeren Sie die Fläche und versuchen Sie es noch einmal.',
};

/** @type {typeof import('../en/messages.js').messages} */
export const messages = {
  chosenPicture: 'Das gewählte Bild',
  cropFrame: 'Der Ausschnitt: Pfeiltasten verschieben ihn, mit Umschalt ändern sie seine Größe, Eingabe übernimmt ihn, Escape verwirft ihn',
  sampleName: 'Beispiel',
  copied: 'Kopiert',
  notCopied: 'Nicht erlaubt',
  closeUnsaved: 'Ungesichert schließen?',
  corrected: 'Von Ihnen berichtigt',

  notices: {
    update: {
      text: 'Eine neue Version von Inkread ist bereit. Starten Sie sie jetzt, sonst ist sie beim nächsten Mal da.',
      accept: 'Jetzt starten',
      later: 'Später',
    },
    updateLoses: {
      text: 'Wenn Sie die neue Version starten, werden die Bilder auf dieser Seite geschlossen. Was auf die Fläche geschrieben ist, bleibt.',
      accept: 'Trotzdem starten',
      later: 'Später',
    },
    updateClears: {
      text: 'Dieser Browser kann nicht mitnehmen, was auf dieser Seite ist: Die neue Version beginnt mit einer leeren Seite.',
      accept: 'Trotzdem starten',
      later: 'Später',
    },
    updateLocks: {
      text: 'Wenn Sie die neue Version starten, wird das Notizbuch gesperrt. Was nicht gesichert ist, geht verloren.',
      accept: 'Trotzdem starten',
      later: 'Später',
    },
    notKept: {
      text: 'Die gewünschte Seite ist noch nicht auf diesem Gerät. Sie öffnet sich, sobald wieder eine Verbindung besteht.',
      accept: '',
      later: 'Verstanden',
    },
    homeScreen: {
      text: 'Um Inkread ohne Verbindung zu behalten, tippen Sie auf „Teilen“, dann auf „Zum Home-Bildschirm“. Safari vergisst andere Seiten nach einer Woche.',
      accept: '',
      later: 'Verstanden',
    },
  },

  blankPad: 'Schreiben Sie eine Ziffer oder eine Zahl; die Antwort erscheint hier.',
  loading: 'Die Erkennung wird vorbereitet …',
  explaining: 'Die Ziffer wird durch das Netz verfolgt …',
  readingPicture: 'Das Bild wird gelesen …',
  cancelled: 'Nicht gelesen. Wählen Sie das Bild noch einmal, um es doch zu lesen.',
  noExplanation: 'Die Erklärung konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
  nothingDrawn: 'Noch keine Ziffer. Schreiben Sie etwas größer.',
  nothingInPicture: 'In diesem Bild scheint nichts geschrieben zu sein.',
  notADigit: 'Das sieht nicht wie eine Ziffer aus.',
  notANumber: 'Nicht alles davon sieht wie Ziffern aus. Hier ist der beste Versuch.',
  unsureOfAll: 'Nicht jede Ziffer ist sicher. Hier ist der beste Versuch.',
  probabilities: 'Wie wahrscheinlich jede Ziffer ist',
  digitsOfNumber: 'Die gelesenen Ziffern',
  noSample: 'Das Beispiel konnte nicht geladen werden. Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
  noPictureToPaste: 'In der Zwischenablage ist kein Bild. Kopieren Sie eines und fügen Sie es dann ein.',
  noPhotograph: 'Es kam kein Foto. Wenn diese Seite die Kamera nicht benutzen darf, wählen Sie stattdessen ein Bild.',
  nothingShared: 'Das geteilte Bild ist nicht angekommen. Wählen Sie es hier aus.',
  noPictureDropped: 'Es war keine Datei dabei. Legen Sie eine Bilddatei ab.',

  sure(sureness, what) {
    return `${['Vielleicht', 'Wahrscheinlich', 'Sehr wahrscheinlich', 'Fast sicher'][sureness]} ${what}`;
  },
  named(text) {
    return text.length > 1 ? text : `eine ${text}`;
  },
  unnamed(lines) {
    return lines > 1 ? `diese ${lines} Zeilen` : 'diese Zahl';
  },
  wasRead({ text, confidence }) {
    return isShort(text) ? `Gelesen wurde ${text} (${share(confidence)}).` : '';
  },
  takeOther(text) {
    return `Es ist ${spoken(text)}`;
  },
  listed(text) {
    return text === '' ? 'nichts geschrieben' : text.split('\n').join(' / ');
  },
  listedShare({ reading, isCorrected }) {
    if (isCorrected) return 'berichtigt';
    if (reading.reason === 'nothing') return '';
    return reading.accepted ? share(reading.confidence) : 'unsicher';
  },
  progress(state, done, count, sure) {
    if (state === 'reading') return `Bild ${Math.min(done + 1, count)} von ${count} wird gelesen`;
    const all = state === 'stopped' ? `Angehalten nach ${done} von ${pictures(count)}` : `${pictures(count)} gelesen`;
    return sure === done ? `${all}, alle sicher.` : `${all}, davon ${sure} sicher.`;
  },
  unsure(first, second) {
    const guess = (/** @type {typeof first} */ { text, confidence }) => `${messages.named(text)} (${share(confidence)})`;
    return `Nicht sicher. Es könnte ${guess(first)} oder ${guess(second)} sein.`;
  },
  atBest({ text, confidence }) {
    return `Am ehesten ${messages.named(text)} (${share(confidence)}).`;
  },
  marks(marks) {
    const signs = [...new Set(marks.map(({ sign }) => `„${sign}“`))].join(', ');
    return signs && `Ausgelassen, weil es keine Ziffer ist: ${signs}`;
  },
  digitHeading(index, count, label) {
    return `Ziffer ${index + 1} von ${count}: ${label}`;
  },
  digitButton(index, count, { label, confidence }, isUnsure) {
    const sure = isUnsure ? `unsicher, ${share(confidence)}` : share(confidence);
    return `${messages.digitHeading(index, count, label)}, ${sure}`;
  },
  writing({ slant, tilt, strokeWidth, width, height, loops }, source) {
    const [across, down] = [width, height].map(Math.round);
    const isPicture = source === 'picture';
    const parts = [
      lean(slant),
      isTilted(tilt) && `auf einer ${tilt > 0 ? 'steigenden' : 'fallenden'} Zeile (${Math.round(Math.abs(tilt))}°)`,
      isPicture && strokes(strokeWidth, height),
      closedLoops(loops),
      isPicture && `${across} Pixel breit und ${down} hoch`,
    ];
    return `${parts.filter(Boolean).join(', ')}.`;
  },
  share,
  correctedDigitButton(index, count, label) {
    return `${messages.digitHeading(index, count, label)}, berichtigt`;
  },
  failure(code, source, format) {
    if (format) return wrongFormat(format);
    return (source === 'drawing' && drawingFailures[code]) || failures[code];
  },
  pad(count) {
    if (count === 0) return 'Schreibfläche, leer';
    return count === 1 ? 'Schreibfläche mit 1 Strich' : `Schreibfläche mit ${count} Strichen`;
  },
};
