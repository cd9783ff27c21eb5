/** The headers that every answer has (research/reliability.md 7). */

export interface HeaderNeeds {
  readonly html: boolean
  readonly mediaType: string | undefined
  /** Where the page's forms may lead beside this site: browsers hold the redirect behind a form to form-action as well (CSP 3, 6.4.1). */
  readonly leadsTo: readonly string[]
  readonly crossOrigin: boolean
  /** Pages of other sites may show it in a frame. */
  readonly framed: boolean
  /** The page may ask its reader for the camera. */
  readonly camera: boolean
  readonly https: boolean
}

/** Nothing runs, loads, frames or posts but what is listed; no inline script, no inline style. */
const pagePolicy = ({ leadsTo, framed }: Pick<HeaderNeeds, 'leadsTo' | 'framed'>) =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    `form-action 'self'${leadsTo.map((origin) => ` ${origin}`).join('')}`,
    `frame-ancestors ${framed ? '*' : "'none'"}`,
    "base-uri 'none'",
    "object-src 'none'",
  ].join('; ')

/** A file that a browser opens by itself runs nothing: an SVG with a script in it is a picture. */
const filePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
/** Browsers show a PDF by a plugin of their own, which a sandbox takes away. */
const pdfPolicy = filePolicy.replace('; sandbox', '')

export function secureHeaders(needs: HeaderNeeds): Record<string, string> {
  return {
    'content-security-policy': needs.html ? pagePolicy(needs) : needs.mediaType === 'application/pdf' ? pdfPolicy : filePolicy,
    'x-content-type-options': 'nosniff',
    // Addresses of credentials and mailed links are not told to other sites; our own forms still say where they come from.
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': needs.crossOrigin || needs.framed ? 'cross-origin' : 'same-origin',
    // web-share is left at its default, which is this site alone: browsers that cannot share complain of its name.
    'permissions-policy': `camera=(${needs.camera ? 'self' : ''}), microphone=(), geolocation=(), payment=(), usb=(), browsing-topics=(), clipboard-write=(self)`,
    ...(needs.https ? { 'strict-transport-security': 'max-age=31536000' } : {}),
    ...(needs.crossOrigin ? { 'access-control-allow-origin': '*' } : {}),
  }
}
