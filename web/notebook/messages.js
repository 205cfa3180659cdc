// The notebook's words in the page's language: the one module of this folder that knows where they are.

export { notebookMessages as messages } from '../languages/en/notebook.js';
