/** Paths of this site, for redirects and for "go on to": what a browser may be sent to. */

/**
 * The path (with query and fragment, normalised and in ASCII) if a browser that is sent there stays on this site, else undefined.
 *
 * Judged twice: as text, because browsers drop tabs and line ends and read a backslash as a slash before they look (WHATWG URL, 4.4), and
 * after normalisation, because `/.//host` becomes `//host`, which is another site.
 */
export function sameOriginPath(path: string): string | undefined {
  if (!/^\/(?![/\\])/.test(path) || path.length > 2048 || /[\u0000-\u001f\u007f\\]/.test(path)) return undefined
  const url = URL.parse(path, 'https://here.invalid')
  if (url?.origin !== 'https://here.invalid' || url.username !== '' || url.pathname.startsWith('//')) return undefined
  return url.pathname + url.search + url.hash
}
