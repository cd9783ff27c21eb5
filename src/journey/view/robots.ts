/** Robots that name themselves in a way that matters here: rows of data. What else declares itself is left to the package isbot. */

/**
 * Robots that fetch a link to show a preview of it, by the network that they belong to (`#journey/share` names the networks alike). Order
 * matters: several carry another's name too. Names from npm crawler-user-agents 1.60.0 and research notes on the domain, C4.
 */
export const previewBots: readonly { readonly network: string; readonly pattern: RegExp }[] = Object.freeze([
  { network: 'linkedin', pattern: /linkedinbot/i },
  { network: 'line', pattern: /line-poker/i }, // "facebookexternalhit/1.1;line-poker/1.0"
  { network: 'apple', pattern: /facebookexternalhit\/[\d.]+ facebot twitterbot/i }, // Messages on Apple's systems
  { network: 'telegram', pattern: /telegrambot/i }, // "TelegramBot (like TwitterBot)"
  { network: 'whatsapp', pattern: /^whatsapp\//i },
  { network: 'x', pattern: /twitterbot/i },
  { network: 'facebook', pattern: /facebookexternalhit|facebot|meta-externalagent|meta-externalfetcher/i },
  { network: 'slack', pattern: /slackbot|slack-imgproxy/i },
  { network: 'discord', pattern: /discordbot/i },
  { network: 'reddit', pattern: /redditbot/i },
  { network: 'mastodon', pattern: /http\.rb\/.*mastodon|^mastodon\//i },
  { network: 'bluesky', pattern: /cardyb/i },
  { network: 'skype', pattern: /skypeuripreview/i },
  { network: 'xing', pattern: /xing-contenttabreceiver/i },
  { network: 'pinterest', pattern: /pinterestbot|pinterest\//i },
  { network: 'viber', pattern: /^viber/i },
  { network: 'embed', pattern: /iframely|embedly/i },
])

/** Programs that open the links in mails to see whether they are safe, as far as they say so; most do not (research notes on reliability, section 2). */
export const scanners = /proofpoint|mimecast|barracuda|ms-office|microsoft office|safelinks|bitdefender|trendmicro|trend micro|cisco-?(?:ironport|secure)|ironport|symantec|messagelabs|fortimail|fireeye|sophos|zscaler|urlscan|virustotal/i
