// Everything the notebook's scripts say to a person, in German.

/** @import { NotebookErrorCode } from '../../notebook/notebook-error.js' */
/** @import { Strength } from '../../notebook/passphrase-strength.js' */

const dateAndTime = new Intl.DateTimeFormat('de', { dateStyle: 'medium', timeStyle: 'short' });

/** @param {number} count @param {string} one @param {string} many */
const counted = (count, one, many) => `${count.toLocaleString('de')} ${count === 1 ? one : many}`;

/** @param {number} count */
const readings = (count) => counted(count, 'Eintrag', 'Einträge');

/** @type {Record<NotebookErrorCode, string>} */
const errors = {
  'unavailable': 'Dieser Browser kann hier kein Notizbuch führen. Es braucht Speicher und Verschlüsselung, die Browser privaten Fenstern'
    + ' und Seiten ohne https verweigern können.',
  'not-opened': 'Damit ließ es sich nicht öffnen. Die Passphrase oder der Passkey ist ein anderer, oder das Notizbuch ist beschädigt.',
  'locked': 'Das Notizbuch wurde inzwischen gesperrt. Entsperren Sie es und versuchen Sie es noch einmal.',
  'gone': 'Das Notizbuch wurde in einem anderen Tab gelöscht oder ersetzt.',
  'entry-gone': 'Dieser Eintrag wurde in einem anderen Tab gelöscht.',
  'already-on': 'Das Notizbuch wurde in einem anderen Tab eingeschaltet. Entsperren Sie es mit der dort gewählten Passphrase.',
  'full': 'Auf diesem Gerät ist kein Platz mehr; es wurde nichts geschrieben. Löschen Sie etwas, hier oder anderswo, und versuchen Sie es noch einmal.',
  'storage': 'Der Browser erreicht seinen Speicher nicht. Laden Sie die Seite neu und versuchen Sie es noch einmal.',
  'newer': 'Eine neuere Version von Inkread hat dieses Notizbuch angelegt. Laden Sie die Seite neu, um sie zu erhalten.',
  'not-an-export': 'Diese Datei ist kein exportiertes Notizbuch.',
  'damaged-export': 'Diese Datei ist beschädigt; nichts davon lässt sich lesen.',
  'newer-export': 'Eine neuere Version von Inkread hat diese Datei geschrieben. Laden Sie die Seite neu, um sie zu erhalten.',
  'large-export': 'Diese Datei ist zu groß: Höchstens 256 MB lassen sich importieren.',
  'passphrase-needed': 'Diese Datei gehört zu einem anderen Notizbuch. Dessen Passphrase wird gebraucht.',
  'passkey-failed': 'Es kam kein Passkey. Vielleicht wurde abgebrochen, oder dieses Gerät hat keinen für diese Seite.',
  'passkey-useless': 'Dieser Passkey kann kein Notizbuch öffnen: Er bewahrt kein Geheimnis für diese Seite. Die Passphrase kann es weiterhin.',
};

/** @type {typeof import('../en/notebook.js').notebookMessages} */
export const notebookMessages = {
  error: (code) => errors[code],
  unexpected: 'Etwas ist schiefgegangen. Laden Sie die Seite neu und versuchen Sie es noch einmal.',

  keep: 'Im Notizbuch behalten',
  keeping: 'Wird behalten …',
  kept: 'Im Notizbuch behalten',
  openNotebook: 'Notizbuch öffnen',

  passphrase: 'Passphrase',
  unlockHeading: 'Notizbuch entsperren',
  unlock: 'Entsperren',
  withPasskey: 'Passkey verwenden',
  cancel: 'Abbrechen',
  importHeading: 'Passphrase dieser Datei',
  importExplanation: 'Sie gehört zu einem anderen Notizbuch. Geben Sie die Passphrase an, die es beim Export der Datei hatte.',
  import: 'Importieren',
  passkeyHeading: 'Passkey hinzufügen',
  passkeyExplanation: 'Noch einmal Ihre Passphrase. Dann fragt Ihr Gerät nach dem Passkey.',
  add: 'Weiter',
  confirmationNeeded: 'Die beiden Passphrasen unterscheiden sich.',

  strength(strength, shortest) {
    /** @type {Record<Strength, string>} */
    const words = {
      short: `Mindestens ${shortest} Zeichen. Mehrere Wörter, die nicht zusammengehören, sind gut und leicht zu merken.`,
      weak: 'Schwach. Wer eine Kopie der Daten dieses Geräts bekommt, kann sie erraten.',
      fair: 'Mittel. Sie hält beiläufigem Raten stand.',
      good: 'Lang genug, um Raten standzuhalten, wenn es kein bekannter Satz ist.',
    };
    return words[strength];
  },

  noEntries: 'Noch nichts behalten. Wo Inkread eine Antwort gibt, wählen Sie „Im Notizbuch behalten“.',
  count: (shown, all) => (shown === all ? readings(all) : `${shown.toLocaleString('de')} von ${readings(all)}`),
  noMatches: 'Kein Eintrag enthält diese Wörter.',
  damaged: (count) => (count === 1
    ? 'Ein Eintrag ist beschädigt und kann nicht gezeigt werden. Die anderen sind nicht betroffen.'
    : `${readings(count)} sind beschädigt und können nicht gezeigt werden. Die anderen sind nicht betroffen.`),
  sureness({ confidence, accepted, corrected }) {
    if (corrected) return 'Von Hand berichtigt';
    if (!accepted) return 'Nicht sicher';
    if (confidence >= 0.99) return 'Fast sicher';
    if (confidence >= 0.9) return 'Sehr wahrscheinlich';
    return confidence >= 0.7 ? 'Wahrscheinlich' : 'Vielleicht';
  },
  time: (time) => dateAndTime.format(time),
  tiles: 'Die Ziffern, wie Inkread sie sah',
  edit: 'Bearbeiten',
  delete: 'Löschen',
  actionOn: (action, text) => `${action}: ${text.split('\n').join(', ')}`,
  showMore: (count) => `${count.toLocaleString('de')} weitere zeigen`,
  deleted: (text) => `Gelöscht: ${text.split('\n').join(', ')}`,
  restored: 'Der Eintrag ist wieder da.',
  edited: 'Geändert.',

  turnedOn: 'Das Notizbuch ist eingeschaltet und offen.',
  unlocked: 'Entsperrt.',
  locked: 'Das Notizbuch ist gesperrt.',
  lockedForRest: 'Das Notizbuch wurde gesperrt, da es nicht benutzt wurde.',
  erased: 'Alles ist gelöscht.',
  exported: 'Die Datei ist fertig. Sie lässt sich mit der heutigen Passphrase öffnen.',
  imported({ added, updated, unchanged, damaged }) {
    const parts = [
      `${readings(added)} hinzugefügt`,
      updated && `${updated.toLocaleString('de')} auf neuen Stand gebracht`,
      unchanged && `${unchanged.toLocaleString('de')} schon vorhanden`,
      damaged && `${damaged.toLocaleString('de')} beschädigt und ausgelassen`,
    ];
    return `${parts.filter(Boolean).join(', ')}.`;
  },
  passphraseChanged: 'Die Passphrase ist geändert. Früher exportierte Dateien lassen sich weiter mit der alten öffnen.',
  passkeyAdded: 'Der Passkey öffnet das Notizbuch nun auch.',
  passkeyRemoved: 'Dieser Passkey öffnet das Notizbuch nicht mehr. Sie können ihn unter den Passkeys Ihres Geräts löschen.',
  passkey: (number) => `Passkey ${number}`,
  remove: 'Entfernen',
  minutes: (minutes) => (minutes === 60 ? 'einer Stunde' : counted(minutes, 'Minute', 'Minuten')),
  persistent: 'Dieser Browser behält das Notizbuch, bis Sie es löschen oder die Daten dieser Website entfernen.',
  notPersistent: 'Dieser Browser kann das Notizbuch entfernen, wenn auf dem Gerät der Platz knapp wird. Exportieren Sie ab und zu eine Datei.',
};
