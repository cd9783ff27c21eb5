/**
 * The badge: a seal in laurel and gold whose rings are turned by the first bytes of the proof, as the rosette of the page is. It is the picture that a credential is baked into. It carries no words, so that it reads at the size of a coin and needs no face.
 */
import { rosette } from '../rosette.ts'
import { wreathPaths } from '../wreath.ts'

const escaped = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`).replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')

/** An edge of 64 shallow waves, as on a seal. */
function edge(): string {
  const waves = 64
  const at = (radius: number, angle: number): string => `${(Math.cos(angle) * radius).toFixed(2)} ${(Math.sin(angle) * radius).toFixed(2)}`
  const step = (2 * Math.PI) / waves
  return `M${at(97, 0)}${Array.from({ length: waves }, (_, i) => `Q${at(100.5, (i + 0.5) * step)} ${at(97, (i + 1) * step)}`).join('')}Z`
}

/** A whole SVG document, 600 by 600. `title` is what a screen reader says of it: the achievement's name. */
export function badgeSvg(proofBytes: Uint8Array, title: string): string {
  const rings = /<g fill="none"[^>]*>(.*?)<\/g>/s.exec(String(rosette(proofBytes)))?.[1] ?? ''
  const wreath = wreathPaths.replaceAll('class="filled"', 'fill="#f1d48a"').replaceAll('class="drawn"', 'fill="none" stroke="#f1d48a"')
  return `<svg xmlns="http://www.w3.org/2000/svg" width="600" height="600" viewBox="-102 -102 204 204" role="img"><title>${escaped(title)}</title><path d="${edge()}" fill="#123a2b"/><circle r="92" fill="#1e5540" stroke="#d9b65e" stroke-width="1.1"/><g fill="none" stroke="#8fccab" stroke-opacity=".42" stroke-width=".6" transform="scale(.9)">${rings}</g><circle r="44" fill="#123a2b" stroke="#d9b65e" stroke-width="1.1"/><svg x="-35" y="-36.2" width="70" height="70" viewBox="0 0 24 24">${wreath}</svg></svg>`
}
