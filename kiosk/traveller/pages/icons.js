// @ts-check
// Line pictures. They only help: the words say everything.
import { html } from 'ui/dom';

const shapes = {
  globe: html`<circle cx="24" cy="24" r="18" /><path d="M6 24h36M24 6c7 6 7 30 0 36M24 6c-7 6-7 30 0 36" />`,
  read: html`<rect x="9" y="5" width="30" height="38" rx="3" /><circle cx="24" cy="18" r="6" /><path d="M15 32h18M15 37h18" />`,
  check: html`<path d="M8 25l10 10 22-24" />`,
  lock: html`<rect x="10" y="21" width="28" height="21" rx="3" /><path d="M16 21v-6a8 8 0 0 1 16 0v6" />`,
  person: html`<circle cx="24" cy="15" r="8" /><path d="M8 43c0-11 7-17 16-17s16 6 16 17" />`,
  one: html`<circle cx="24" cy="14" r="8" /><path d="M10 43c0-11 6-17 14-17s14 6 14 17" />`,
  family: html`<circle cx="16" cy="14" r="7" /><circle cx="34" cy="18" r="5" /><path d="M4 43c0-10 5-16 12-16s12 6 12 16M28 43c0-8 2-13 7-13s9 5 9 13" />`,
  place: html`<path d="M6 38h36M13 30h22M13 8h22v22H13zM24 14v10M20 21l4 4 4-4" />`,
  turn: html`<path d="M10 20a15 15 0 0 1 27-4M38 28a15 15 0 0 1-27 4M37 6v10H27M11 42V32h10" />`,
  bigger: html`<path d="M5 40L17 10l12 30M9.5 30h15M36 10v14M29 17h14" />`,
  contrast: html`<circle cx="24" cy="24" r="18" /><path d="M24 6a18 18 0 0 1 0 36z" fill="currentColor" />`,
  wait: html`<path d="M14 6h20M14 42h20M16 6c0 12 16 12 16 18s-16 6-16 18M32 6c0 12-16 12-16 18s16 6 16 18" />`,
  done: html`<circle cx="24" cy="24" r="18" /><path d="M15 25l7 7 12-15" />`,
};

/** @param {keyof typeof shapes} name */
export function icon(name) {
  return html`<svg class="icon" viewBox="0 0 48 48" aria-hidden="true" focusable="false" fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round" stroke-linejoin="round">${shapes[name]}</svg>`;
}
