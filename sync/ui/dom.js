// @ts-check
// htm bound to preact: html`<button class="button">...</button>` in any page, no build step.
import { h, render, Fragment } from 'preact';
import htm from 'htm';

export const html = htm.bind(h);
export { h, render, Fragment };

/**
 * Shows a view function in an element and keeps it up to date with the signals that it reads.
 * @param {() => unknown} view
 * @param {Element} into
 */
export function mount(view, into) {
  render(h(/** @type {any} */ (view), null), into);
}
