// The notebook's words in the page's language: the one module of this folder that knows where they are.

const { notebookMessages: messages } = /** @type {typeof import('../languages/en/notebook.js')} */ (
  await import(`../languages/${document.documentElement.lang}/notebook.js`));

export { messages };
