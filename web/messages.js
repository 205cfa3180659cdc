// Everything the scripts say to a person, in the page's language.

const { messages } = /** @type {typeof import('./languages/en/messages.js')} */ (
  await import(`./languages/${document.documentElement.lang}/messages.js`));

export { messages };
