/**
 * Where a learner can share: rows of data. A template's words in braces are filled in, each percent-encoded; a parameter of which a word is
 * missing is left out. They stand in the order in which a learner sees them. Addresses as collected in the research notes on the domain, C1, C2 and C5.
 */

export interface Target {
  readonly id: string
  /** The place's own name, the same in every language; undefined for what is no place. */
  readonly name: string | undefined
  readonly kind: 'profile' | 'network' | 'chat' | 'mail' | 'copy' | 'paper' | 'device'
  /** Where the click leads; none: it stays in the page. */
  readonly address?: { readonly base: string; readonly query: readonly (readonly [parameter: string, template: string])[] }
  /** The network whose preview robot fetches what is put there (`#journey/view` names the robots alike). */
  readonly previewBot?: string
  /** What the learner is asked for first. */
  readonly asks?: 'instance'
}

const text = ['text', '{text}'] as const
const textWithAddress = ['text', '{text} {address}'] as const
const address = ['url', '{address}'] as const

export const targets: readonly Target[] = Object.freeze([
  {
    id: 'linkedin_profile',
    name: 'LinkedIn',
    kind: 'profile',
    // LinkedIn no longer promises to fill its form in (spring 2026), so this is a courtesy and `linkedinFields` the dependable way.
    // organizationId brings the logo, and takes the place of organizationName.
    address: {
      base: 'https://www.linkedin.com/profile/add',
      query: [
        ['startTask', 'CERTIFICATION_NAME'],
        ['name', '{title}'],
        ['organizationId', '{organization_id}'],
        ['organizationName', '{organization_name}'],
        ['issueYear', '{issue_year}'],
        ['issueMonth', '{issue_month}'],
        ['expirationYear', '{expiration_year}'],
        ['expirationMonth', '{expiration_month}'],
        ['certUrl', '{address}'],
        ['certId', '{credential_id}'],
      ],
    },
    previewBot: 'linkedin',
  },
  { id: 'linkedin_post', name: 'LinkedIn', kind: 'network', address: { base: 'https://www.linkedin.com/sharing/share-offsite/', query: [address] }, previewBot: 'linkedin' },
  { id: 'whatsapp', name: 'WhatsApp', kind: 'chat', address: { base: 'https://wa.me/', query: [textWithAddress] }, previewBot: 'whatsapp' },
  { id: 'telegram', name: 'Telegram', kind: 'chat', address: { base: 'https://t.me/share/url', query: [address, text] }, previewBot: 'telegram' },
  { id: 'x', name: 'X', kind: 'network', address: { base: 'https://x.com/intent/post', query: [text, address] }, previewBot: 'x' },
  { id: 'facebook', name: 'Facebook', kind: 'network', address: { base: 'https://www.facebook.com/sharer/sharer.php', query: [['u', '{address}']] }, previewBot: 'facebook' },
  { id: 'bluesky', name: 'Bluesky', kind: 'network', address: { base: 'https://bsky.app/intent/compose', query: [textWithAddress] }, previewBot: 'bluesky' },
  { id: 'mastodon', name: 'Mastodon', kind: 'network', asks: 'instance', address: { base: 'https://{instance}/share', query: [textWithAddress] }, previewBot: 'mastodon' },
  { id: 'threads', name: 'Threads', kind: 'network', address: { base: 'https://www.threads.net/intent/post', query: [textWithAddress] }, previewBot: 'facebook' },
  { id: 'reddit', name: 'Reddit', kind: 'network', address: { base: 'https://www.reddit.com/submit', query: [address, ['title', '{title}']] }, previewBot: 'reddit' },
  { id: 'line', name: 'LINE', kind: 'chat', address: { base: 'https://social-plugins.line.me/lineit/share', query: [address, text] }, previewBot: 'line' },
  { id: 'xing', name: 'XING', kind: 'network', address: { base: 'https://www.xing.com/spi/shares/new', query: [address] }, previewBot: 'xing' },
  { id: 'email', name: undefined, kind: 'mail', address: { base: 'mailto:', query: [['subject', '{title}'], ['body', '{text}\n\n{address}']] } },
  { id: 'email_signature', name: undefined, kind: 'paper' },
  { id: 'qr_code', name: undefined, kind: 'paper' },
  { id: 'embed', name: undefined, kind: 'paper' },
  { id: 'copy_link', name: undefined, kind: 'copy' },
  { id: 'device', name: undefined, kind: 'device' }, // the phone's own sheet, which does not say where it went
])

const byId = new Map(targets.map((one) => [one.id, one]))
export const targetById = (id: string): Target | undefined => byId.get(id)

/** Whether a target's link carries words; what it does not carry goes by the clipboard. */
export const takesWords = (target: Target): boolean => target.address?.query.some(([, template]) => template.includes('{text}')) ?? false
