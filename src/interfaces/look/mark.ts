/** The small drawings: each says one thing, always beside its word. Drawn for a 20 × 20 field, in the colour of the text around them. */
import { html, markup, type Html } from './html.ts'
import { wreathPaths } from './wreath.ts'

const drawn = (d: string): string => `<path class="drawn" stroke-width="1.6" d="${d}"/>`

const drawings = {
  /** The three answers of a check differ in outline, not in colour alone: disc, octagon, dashed ring. */
  passed: '<circle class="filled" cx="10" cy="10" r="9"/><path class="hole" d="m6 10.2 2.8 2.8 5.4-5.8"/>',
  failed: '<path class="filled" d="M6.3 1h7.4L19 6.3v7.4L13.7 19H6.3L1 13.7V6.3z"/><path class="hole" d="m7 7 6 6m0-6-6 6"/>',
  unsure: '<circle class="drawn" cx="10" cy="10" r="8.2" stroke-width="2" stroke-dasharray="3.2 2.2"/>' + drawn('M7.7 7.9a2.4 2.4 0 1 1 3.6 2c-.9.5-1.2.9-1.2 1.7m0 2.3v.1'),
  alert: drawn('M10 2.2 18.4 17H1.6zM10 8v4m0 2.4v.1'),
  sealed: drawn('M4.5 9h11v8.5h-11zM7 9V6.2a3 3 0 0 1 6 0V9m-3 3v2.5'),
  file: drawn('M5 2.5h6.5l4 4v11H5zm6.5 0v4h4'),
  out: drawn('M8 4.2H4.4v11.4h11.4V12M11.2 3.6h5.2v5.2m-.3-4.9L9.3 10.7'),
  copy: drawn('M7.2 7.2h9.6v9.6H7.2zM12.8 4.4V3.2H3.2v9.6h1.2'),
  share: drawn('M10 12.4V2.6M6.6 5.8 10 2.4l3.4 3.4M6.2 8.6H4v8.8h12V8.6h-2.2'),
  mail: drawn('M2.4 4.4h15.2v11.2H2.4zm.4.6L10 11l7.2-6'),
  chat: drawn('M3 3.8h14v10H9.6L6 17v-3.2H3z'),
  phone: drawn('M6 2h8v16H6zm3 13.4h2'),
  link: drawn('m8 12 4-4M9 5.6 10.4 4A3.9 3.9 0 0 1 16 9.6L14.4 11M11 14.4 9.6 16A3.9 3.9 0 0 1 4 10.4L5.6 9'),
  code: drawn('M3 3h5v5H3zm9 0h5v5h-5zM3 12h5v5H3zm9 0h2.5v2.5M17 12v5h-4.5'),
  close: drawn('m5 5 10 10M15 5 5 15'),
  down: drawn('M10 3v9.6m-3.6-3.4L10 12.8l3.6-3.6M3.6 16.6h12.8'),
} as const

export type Mark = keyof typeof drawings

/** A drawing beside a word is silent; one that stands alone is given the word to say. */
export function mark(name: Mark, size = 20, says?: string): Html {
  const role = says === undefined ? html`aria-hidden="true"` : html`role="img" aria-label="${says}"`
  return html`<svg viewBox="0 0 20 20" width="${size}" height="${size}" ${role}>${markup(drawings[name])}</svg>`
}

/** Laurel's own mark, where no issuer's stands. */
export const wreath = (size = 28): Html => html`<svg viewBox="0 0 24 24" width="${size}" height="${size}" aria-hidden="true">${markup(wreathPaths)}</svg>`
