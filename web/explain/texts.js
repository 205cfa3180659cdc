// What the explanation says, in the page's language.

const { texts } = /** @type {typeof import('../languages/en/explain.js')} */ (
  await import(`../languages/${document.documentElement.lang}/explain.js`));

export { texts };
