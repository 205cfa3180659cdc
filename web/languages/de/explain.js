// What the explanation of a digit says, in German.

const WORDS = {
  first: 'Das Netz sucht nach kleinen Mustern: Jedes Bild zeigt, wo eines davon gefunden wurde, hell, wo es am besten passt, mit dem Muster selbst '
    + 'in seiner Ecke (blau: hier soll Tinte sein, orange: hier nicht). Niemand hat diese Muster gezeichnet; sie sind beim Training entstanden.',
  convolution: 'Noch einmal dasselbe, auf den Bildern davor: Muster aus Mustern, etwa Ecken, Bögen und Enden von Strichen.',
  last: 'Tief innen zeigt ein Bild, wo etwas Größeres liegt, etwa eine Schleife oben oder ein offener Bogen unten.',
  pool: 'Jedes Bild behält von je vier Stellen die stärkste: halb so breit und hoch, damit ein Strich etwas woanders liegen darf und doch zählt.',
  vector: 'Alle Bilder münden in eine Reihe von Zahlen: was das Netz über diese Ziffer herausgefunden hat.',
  scores: 'Jede Ziffer bekommt Punkte für das, was für sie spricht, und Abzüge für das, was dagegen spricht.',
  probabilities: 'Aus den Punkten werden Wahrscheinlichkeiten, zusammen 100 %. Sie sind geeicht: Von den Antworten mit 90 % stimmen etwa 90 %.',
};

/** @type {typeof import('../en/explain.js').texts} */
export const texts = {
  ink: {
    title: 'Was Tinte ist',
    words: 'Licht, Schatten, Papier und Linien werden entfernt; übrig bleibt, wie dunkel der Stift an jeder Stelle war.',
  },
  tile: {
    title: 'Eine Ziffer, 28 × 28 Pixel',
    words: 'Die Ziffer wird ausgeschnitten, auf eine Größe gebracht und mit ihrem Schwerpunkt in die Mitte gesetzt; wo Ziffern sich berühren, bleiben die Nachbarn im Bild. Mehr sieht das Netz nicht.',
  },
  influence(label) {
    return {
      title: `Was sie zur ${label} macht`,
      words: `Ein kleines Stück nach dem anderen wurde verdeckt und das Netz wieder gefragt. Blau: Ohne diese Tinte wird die ${label} weniger wahrscheinlich. Orange: Sie wird wahrscheinlicher.`,
    };
  },
  layer({ op, channels, height, width, filters }, index, count) {
    const size = height * width > 1 ? `${channels} Bilder von ${width}\u00a0×\u00a0${height}` : `${channels} Zahlen`;
    const title = `Schicht ${index + 1} von ${count}: ${size}`;
    if (op === 'Softmax') return { title, words: WORDS.probabilities };
    if (op === 'MaxPool' || op === 'AveragePool') return { title, words: WORDS.pool };
    if (height * width === 1) return { title, words: channels === 10 ? WORDS.scores : WORDS.vector };
    if (filters) return { title, words: WORDS.first };
    return { title, words: width < 10 ? WORDS.last : WORDS.convolution };
  },
  pictures: {
    ink: 'Die Tinte um die Ziffer, dunkel auf weiß',
    tile: 'Die Ziffer, wie das Netz sie sieht, dunkel auf weiß',
    influence: 'Die Ziffer, ihre Tinte danach gefärbt, wofür sie spricht',
    numbers: 'Die Zahlen als Reihe von Streifen: je größer, desto heller',
    maps: (shown, count) => (shown < count ? `Die ${shown} stärksten von ${count} Bildern` : `Alle ${count} Bilder, die stärksten zuerst`),
  },
  more(count) {
    return `Alle ${count} zeigen`;
  },
  number(value, op) {
    return op === 'Softmax' ? `${Math.round(100 * value)}\u00a0%` : value.toFixed(1).replace('.', ',');
  },
};
