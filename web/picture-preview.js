// <picture-preview>: shows the chosen file. Holds an <img>, <digit-boxes> over it, and a [data-caption].

export class PicturePreview extends HTMLElement {
  /** @type {HTMLImageElement} */
  #image;
  /** @type {HTMLElement} */
  #caption;

  constructor() {
    super();
    this.#image = /** @type {HTMLImageElement} */ (this.querySelector('img'));
    this.#caption = /** @type {HTMLElement} */ (this.querySelector('[data-caption]'));
    // What the browser cannot show leaves the sheet with its caption only.
    this.#image.onerror = () => { this.#image.hidden = true; };
  }

  /**
   * @param {Blob} file
   * @param {string} caption
   */
  show(file, caption) {
    this.#forget();
    this.#image.src = URL.createObjectURL(file);
    this.#image.hidden = false;
    this.#caption.textContent = caption;
    this.hidden = false;
  }

  remove() {
    this.#forget();
    this.hidden = true;
  }

  #forget() {
    URL.revokeObjectURL(this.#image.src);
    this.#image.removeAttribute('src');
  }
}

customElements.define('picture-preview', PicturePreview);
