/**
 * Requests of which it is known who makes them, from a seed: how people, owners, preview robots, scanners of mail and other programs behave
 * when they meet the address of a credential (research notes on the domain, C4; on reliability, B17). A model says what is sent over the line and
 * when; what the server makes of it, it does not know.
 */
import { generator } from '#kernel/numeric'

export type Label =
  | 'person' // a page before somebody's eyes for long enough
  | 'glance' // a person, gone before that
  | 'person without scripts'
  | 'owner'
  | 'recipient' // of a mail, by its link: the learner, or whoever it was passed on to
  | 'declared robot' // says what it is: preview robots, crawlers, programs, headless browsers
  | 'HEAD'
  | 'prefetch'
  | 'driven browser' // an ordinary name, and its script admits that a program drives it
  | 'scanner of a mail' // all links of a letter, seconds after it was handed over, with the name of a browser
  | 'scanner burst' // many credentials in seconds, from one address
  | 'scattered scanner burst' // the same from many addresses of a network

/** One of the credentials, by its number. */
export interface Subject {
  readonly path: string
  /** Of the letter that told its learner. */
  readonly mailToken: string
  readonly mailedAt: number
  readonly placementToken: string
}

export interface Sent {
  readonly label: Label
  readonly at: number
  readonly credential: number
  readonly method: 'GET' | 'HEAD' | 'POST'
  readonly path: string
  readonly address: string
  readonly headers: Readonly<Record<string, string>>
  readonly form?: Readonly<Record<string, string>>
  readonly asOwner?: true
}

const chrome = (version: number, system: string, more = '') => `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0${more} Safari/537.36`
const windows = 'Windows NT 10.0; Win64; x64'
/** In about the shares in which they are met. Chrome tells no more of a phone than "Android 10; K" (user-agent reduction). */
const browsers: readonly string[] = [
  ...Array.from({ length: 5 }, () => chrome(150, 'Linux; Android 10; K', ' Mobile')),
  chrome(149, 'Linux; Android 10; K', ' Mobile'),
  chrome(150, windows), chrome(150, windows), chrome(149, windows), chrome(150, 'Macintosh; Intel Mac OS X 10_15_7'), `${chrome(150, windows)} Edg/150.0.0.0`,
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.31.5',
  'Mozilla/5.0 (Linux; Android 14; SM-A546B Build/UP1A; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/150.0.0.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/520.0.0.0;]',
  'Mozilla/5.0 (Linux; Android 13; M2101K6G; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/149.0.0.0 Mobile Safari/537.36 Instagram 390.0.0.0',
  'Mozilla/5.0 (Linux; Android 14; SAMSUNG SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36',
]
const declared: readonly string[] = [
  'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)', 'meta-externalagent/1.1', 'Twitterbot/1.0', 'WhatsApp/2.23.20.0', 'TelegramBot (like TwitterBot)',
  'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)', 'Slack-ImgProxy (+https://api.slack.com/robots)', 'Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)', 'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)',
  'Mastodon/4.3.0 (http.rb/5.2.0; +https://mastodon.example/)', 'Mozilla/5.0 (compatible; Bluesky Cardyb/1.1; +mailto:support@bsky.app)', 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5', 'Iframely/1.3.1 (+https://iframely.com/docs/about)', 'Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)',
  'Mozilla/5.0 (compatible; Pinterestbot/1.0; +http://www.pinterest.com/bot.html)', 'Viber/20.0', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1)', 'XING-contenttabreceiver/2.0', 'facebookexternalhit/1.1;line-poker/1.0',
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)', 'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)', 'Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)', 'curl/8.5.0', 'python-requests/2.32.3', 'Go-http-client/2.0', 'okhttp/4.12.0', 'Java/21.0.1', 'node', 'axios/1.7.2',
  chrome(150, 'X11; Linux x86_64').replace('Chrome', 'HeadlessChrome'), 'Mozilla/5.0 (Unknown; Linux x86_64) AppleWebKit/538.1 (KHTML, like Gecko) PhantomJS/2.1.1 Safari/538.1', `${chrome(150, windows)} BarracudaSentinel (EE)`, 'Mozilla/5.0 (compatible; proofpoint)', 'Mozilla/4.0 (compatible; ms-office; MSOffice 16)', '',
]
const networks = ['https://www.linkedin.com/', 'https://lm.facebook.com/', 'https://t.co/', 'https://www.google.com/']

/** About `count` requests over `days`, in their order; no two in the same millisecond. */
export function traffic(seed: string, count: number, subjects: readonly Subject[], start: number, days: number): readonly Sent[] {
  const chance = generator(seed, 'visitors')
  const below = (n: number) => chance.below(n)
  const pick = <T>(some: readonly T[]): T => some[below(some.length)]!
  const sent: Sent[] = []
  let strangers = 0
  /** An address that nobody else has. */
  const someAddress = () => `${100 + (strangers >> 16)}.${(strangers >> 8) & 255}.${strangers++ & 255}.${1 + below(250)}`
  const html = { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'accept-language': 'en' }

  const open = (label: Label, at: number, credential: number, who: { readonly address: string; readonly name: string }, more: Partial<Sent> & { readonly query?: string } = {}) => {
    const { query, ...rest } = more
    sent.push({ label, at, credential, method: 'GET', path: `${subjects[credential]!.path}${query === undefined ? '' : `?${query}`}`, address: who.address, ...rest, headers: { ...html, ...(who.name === '' ? {} : { 'user-agent': who.name }), ...rest.headers } })
  }
  /** What the page's own script sends once the page was before somebody's eyes. */
  const tell = (label: Label, at: number, credential: number, who: { readonly address: string; readonly name: string }, form: Readonly<Record<string, string>> = {}, headers: Readonly<Record<string, string>> = {}) =>
    sent.push({ label, at, credential, method: 'POST', path: `${subjects[credential]!.path}/view`, address: who.address, headers: { ...(who.name === '' ? {} : { 'user-agent': who.name }), ...headers }, form: { token: '', visible_ms: '1500', automated: 'no', ...form } })
  const look = (label: Label, at: number, credential: number, who: { readonly address: string; readonly name: string }) => {
    const token = below(2) === 0 ? subjects[credential]!.placementToken : ''
    open(label, at, credential, who, { ...(token === '' ? {} : { query: `s=${token}` }), ...(below(3) === 0 ? { headers: { referer: pick(networks) } } : {}) })
    tell(label, at + 1_600 + below(2_500), credential, who, { token, visible_ms: String(1_500 + below(1_000)) })
  }

  const some = () => below(subjects.length)
  const models: readonly (readonly [weight: number, act: (at: number) => void])[] = [
    [30, (at) => {
      const who = { address: someAddress(), name: pick(browsers) }
      for (let pages = 1 + below(3), when = at; pages > 0; pages--, when += 5_000 + below(90_000)) look('person', when, some(), who)
    }],
    // A recruiter opens a list of four in tabs.
    [3, (at) => {
      const who = { address: someAddress(), name: pick(browsers) }
      const first = some()
      for (let tab = 0; tab < 4; tab++) look('person', at + tab * 700, (first + tab) % subjects.length, who)
    }],
    // An office, or a whole town of phones, behind one address: most have the same browser.
    [3, (at) => {
      const address = someAddress()
      for (let person = 0; person < 20; person++) look('person', at + below(1_800_000), some(), { address, name: pick(browsers) })
    }],
    // A class that has just graduated looks at each other's pages in one room.
    [1, (at) => {
      const address = someAddress()
      const first = some()
      for (let person = 0; person < 25; person++) look('person', at + below(600_000), (first + below(25)) % subjects.length, { address, name: pick(browsers) })
    }],
    [5, (at) => {
      const who = { address: someAddress(), name: pick(browsers) }
      open('glance', at, some(), who)
    }],
    [3, (at) => open('person without scripts', at, some(), { address: someAddress(), name: pick(browsers) })],
    [4, (at) => {
      const who = { address: someAddress(), name: pick(browsers) }
      const own = some()
      for (let visit = 0; visit < 2; visit++) {
        open('owner', at + visit * 40_000, own, who, { asOwner: true })
        sent.push({ ...sent.at(-1)!, at: at + visit * 40_000 + 1_700, method: 'POST', path: `${subjects[own]!.path}/view`, form: { token: '', visible_ms: '1500', automated: 'no' } }) // a tab from before the owner signed in
      }
    }],
    [4, (at) => {
      const one = some()
      open('recipient', Math.max(at, subjects[one]!.mailedAt + 30_000), one, { address: someAddress(), name: pick(browsers) }, { query: `n=${subjects[one]!.mailToken}` })
    }],
    [14, (at) => {
      const who = { address: someAddress(), name: pick(declared) }
      const one = some()
      open('declared robot', at, one, who, below(2) === 0 ? { query: `s=${subjects[one]!.placementToken}` } : {})
      if (below(3) === 0) tell('declared robot', at + 1_700, one, who)
    }],
    [4, (at) => open('HEAD', at, some(), { address: someAddress(), name: pick(browsers) }, { method: 'HEAD' })],
    [4, (at) => {
      const who = { address: someAddress(), name: pick(browsers) }
      const headers = pick<Readonly<Record<string, string>>>([{ 'sec-purpose': 'prefetch' }, { 'sec-purpose': 'prefetch;prerender' }, { purpose: 'prefetch' }, { 'x-purpose': 'preview' }, { 'x-moz': 'prefetch' }])
      open('prefetch', at, some(), who, { headers })
    }],
    [3, (at) => {
      const who = { address: someAddress(), name: pick(browsers) }
      const one = some()
      open('driven browser', at, one, who)
      tell('driven browser', at + 1_700, one, who, { automated: 'yes' })
    }],
    // A gateway opens what a letter links to, within seconds of taking it; some by HEAD first, some from several addresses, some with scripts.
    [8, () => {
      const one = some()
      const { mailedAt, mailToken } = subjects[one]!
      const network = someAddress().split('.').slice(0, 3).join('.')
      for (let times = 1 + below(3); times > 0; times--) open('scanner of a mail', mailedAt + 300 + below(9_000), one, { address: `${network}.${1 + below(250)}`, name: pick(browsers) }, { query: `n=${mailToken}` })
    }],
    // A gateway, or an archive, goes through a list of public pages from one address.
    [4, (at) => {
      const who = { address: someAddress(), name: pick(browsers) }
      const first = some()
      const scripts = below(2) === 0
      for (let link = 0, links = 6 + below(10); link < links; link++) {
        const when = at + below(5_000)
        const one = (first + link) % subjects.length
        open('scanner burst', when, one, who)
        if (scripts) tell('scanner burst', when + 1_600 + below(1_500), one, who)
      }
    }],
    // The same, each page from another address of the scanner's network, with one name.
    [2, (at) => {
      const network = someAddress().split('.').slice(0, 3).join('.')
      const name = pick(browsers)
      const first = some()
      const scripts = below(2) === 0
      for (let link = 0, links = 8 + below(8); link < links; link++) {
        const who = { address: `${network}.${1 + link * 7}`, name }
        const when = at + below(5_000)
        const one = (first + link) % subjects.length
        open('scattered scanner burst', when, one, who)
        if (scripts) tell('scattered scanner burst', when + 1_600 + below(1_500), one, who)
      }
    }],
  ]
  const all = models.reduce((sum, [weight]) => sum + weight, 0)
  while (sent.length < count) {
    let at = below(all)
    const [, act] = models.find(([weight]) => (at -= weight) < 0)!
    act(start + below(days * 86_400_000))
  }
  let last = 0
  return sent.slice(0, count).toSorted((a, b) => a.at - b.at).map((one) => {
    last = Math.max(one.at, last + 1)
    return Object.freeze({ ...one, at: last })
  })
}
