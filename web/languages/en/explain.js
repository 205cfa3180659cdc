// What the explanation of a digit says, in English.

/** @import { LayerView } from '../../inkread.js' */

const WORDS = {
  first: 'The network looks for small patterns: each picture shows where one of them was found, bright where it fits best, with the pattern itself '
    + 'in its corner (blue: ink wanted, orange: ink unwanted). Nobody drew these patterns; they came about in training.',
  convolution: 'The same again, on the pictures before: patterns of patterns, as corners, arcs and ends of strokes.',
  last: 'Deep inside, a picture shows where something larger lies, as a loop above or an open arc below.',
  pool: 'Each picture keeps the strongest of every four places: half as wide and high, so a stroke may lie a little elsewhere and still count.',
  vector: 'All pictures flow into a row of numbers: what the network has found out about this digit.',
  scores: 'Each digit gets a score for what speaks for it and what against.',
  probabilities: 'The scores become probabilities, which together make 100%. They are calibrated: of the answers given with 90%, about 90% are right.',
};

export const texts = {
  ink: {
    title: 'What is ink',
    words: 'Light, shadows, paper and ruled lines are taken away; what remains is how dark the pen was at each place.',
  },
  tile: {
    title: 'One digit, 28 × 28 pixels',
    words: 'The digit is cut out, brought to one size, and its centre of gravity put in the middle; of digits that touch, the neighbours stay in view. This is all that the network sees.',
  },

  /** Which ink mattered. @param {string} label */
  influence(label) {
    return {
      title: `What made it a ${label}`,
      words: `A small part after the other was covered and the network asked again. Blue: without this ink, ${label} becomes less probable. Orange: it becomes more probable.`,
    };
  },

  /** @param {LayerView} layer @param {number} index of the layer @param {number} count of all layers */
  layer({ op, channels, height, width, filters }, index, count) {
    const size = height * width > 1 ? `${channels} pictures of ${width}\u00a0×\u00a0${height}` : `${channels} numbers`;
    const title = `Layer ${index + 1} of ${count}: ${size}`;
    if (op === 'Softmax') return { title, words: WORDS.probabilities };
    if (op === 'MaxPool' || op === 'AveragePool') return { title, words: WORDS.pool };
    if (height * width === 1) return { title, words: channels === 10 ? WORDS.scores : WORDS.vector };
    if (filters) return { title, words: WORDS.first };
    return { title, words: width < 10 ? WORDS.last : WORDS.convolution };
  },

  /** What a step's pictures are, for people who do not see them. */
  pictures: {
    ink: 'The ink around the digit, dark on white',
    tile: 'The digit as the network sees it, dark on white',
    influence: 'The digit, its ink coloured by what it speaks for',
    numbers: 'The numbers as a row of stripes: the larger, the brighter',
    /** @param {number} shown @param {number} count */
    maps: (shown, count) => (shown < count ? `The ${shown} strongest of ${count} pictures` : `All ${count} pictures, the strongest first`),
  },

  /** @param {number} count */
  more(count) {
    return `Show all ${count}`;
  },

  /** A score, or a probability. @param {number} value @param {string} op */
  number(value, op) {
    return op === 'Softmax' ? `${Math.round(100 * value)}%` : value.toFixed(1);
  },
};
