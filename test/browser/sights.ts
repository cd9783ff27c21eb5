/** Every page of the product with something on it, and how each kind of reader comes to it. */
import type { BrowserContext } from 'playwright-core'
import { changeStatus, setVisibility } from '#journey/credential'
import { unsubscribeToken } from '#journey/nudge'
import { addMember, chooseIssuerLogo, chooseIssuerLook, eraseLearners, issuerByHandle } from '#journey/party'
import { makeLogo, rasterPng } from '#interfaces/look'
import type { Route } from '#interfaces/http'
import type { Graduate } from '#test/app'
import type { Stage } from './stage.ts'

export type Reader = 'stranger' | 'learner' | 'owner'

/** Who runs the place. */
const owner = 'head.of.studies@university.example'

/** Of nobody: a ring of letters that are none, in colours that are nobody's. */
const exampleLogo = '<svg xmlns="http://www.w3.org/2000/svg" width="840" height="240"><circle cx="120" cy="120" r="96" fill="none" stroke="#7a2e8f" stroke-width="36"/><path d="M120 60v120M60 120h120" stroke="#e08a1e" stroke-width="24"/><path d="M280 60v120M280 90h70M380 180V60l60 120V60M500 60h90M545 60v120M640 180l40-120 40 120M655 140h50" fill="none" stroke="#2a2140" stroke-width="22"/></svg>'

export interface Sight {
  readonly name: string
  readonly reader: Reader
  readonly path: string
  /** The route that answers, as it stands in the table. */
  readonly route: string
  readonly status: number
}

export interface Sights {
  readonly list: readonly Sight[]
  readonly publicPage: Sight
  readonly open: Graduate
  readonly learner: Graduate
}

const at = (name: string, reader: Reader, route: string, path: string = route, status = 200): Sight => ({ name, reader, path, route, status })

/** Makes what the pages are to show. */
export async function sightsOf({ app }: Stage): Promise<Sights> {
  const [learner, open, revoked, suspended, withdrawn, ...others] = await app.graduate(['Lucía Núñez de la Cruz', 'Ngozi Okonkwo', 'Wang Xiaoming', 'प्रिया शर्मा', 'ليلى حداد', ...Array.from({ length: 10 }, () => 'Иван Петров')].map((name) => ({ name })))
  if (!learner || !open || !revoked || !suspended || !withdrawn) throw new TypeError('fifteen graduates')
  const logo = await makeLogo(await rasterPng(exampleLogo, 840, 240))
  await app.db.transaction(async (tx) => {
    for (const one of [open, revoked, suspended]) await setVisibility(tx, { credentialId: one.credentialId, visibility: 'public' })
    await changeStatus(tx, { change: 'revoke', credentialIds: [revoked.credentialId], reason: 'The examination was taken by somebody else.', byWhom: 'test' })
    await changeStatus(tx, { change: 'suspend', credentialIds: [suspended.credentialId], reason: 'Under review until the appeal is heard.', byWhom: 'test' })
    const issuer = await issuerByHandle(tx, 'demo')
    if (issuer) await chooseIssuerLook(tx, { issuerId: issuer.id, directory: true, colour: undefined })
    if (issuer) await chooseIssuerLogo(tx, { issuerId: issuer.id, logo })
    await addMember(tx, owner, { role: 'owner', issuerId: undefined })
    await eraseLearners(tx, [withdrawn.learnerId])
  })
  await app.world.queue.drain(app.world)
  let mailed: string | undefined
  for (const one of others) mailed ??= (await app.letters(one.email)).flatMap((letter) => /[?&]n=([\w-]+)/.exec(letter.text)?.[1] ?? [])[0]
  if (mailed === undefined) throw new TypeError('of ten graduates there is one who was mailed a link')
  const c = (one: Graduate, rest = '') => `/c/${one.publicId}${rest}`
  const desk = '/admin/demo'
  const list: Sight[] = [
    at('credential', 'stranger', '/c/:publicId', c(open)),
    at('credential-revoked', 'stranger', '/c/:publicId', c(revoked)),
    at('credential-suspended', 'stranger', '/c/:publicId', c(suspended)),
    at('credential-withdrawn', 'stranger', '/c/:publicId', c(withdrawn), 410),
    at('credential-own', 'learner', '/c/:publicId', c(learner)),
    at('share', 'learner', '/c/:publicId/share', c(learner, '/share')),
    at('embed', 'stranger', '/c/:publicId/embed', c(open, '/embed')),
    at('me', 'learner', '/me'),
    at('me-erase', 'learner', '/me/erase'),
    at('me-profile', 'learner', '/me/profile'),
    at('erased', 'stranger', '/erased'),
    at('unsubscribe', 'stranger', '/unsubscribe/:token', `/unsubscribe/${unsubscribeToken(app.world.secrets, learner.learnerId)}`),
    at('sign-in', 'stranger', '/sign-in'),
    at('sign-in-link', 'stranger', '/sign-in/link', `/sign-in/link?token=${'A'.repeat(43)}`),
    at('start-link', 'stranger', '/admin', `/admin?token=${'A'.repeat(43)}`),
    at('verify', 'stranger', '/verify'),
    at('verify-list', 'stranger', '/verify/list'),
    at('issuer', 'stranger', '/i/:handle', '/i/demo'),
    at('directory', 'stranger', '/i/:handle/directory', '/i/demo/directory'),
    at('achievement', 'stranger', '/i/:handle/a/:achievement', '/i/demo/a/data-analysis'),
    at('error-404', 'stranger', '', '/nothing-here', 404),
    at('error-401', 'stranger', '/me', '/me', 401),
    at('error-403', 'learner', '/admin', '/admin', 403),
    ...['', '/learners', '/completions', '/credentials', '/experiments', '/reports', '/shares', '/policies', '/settings', '/keys'].map((place) => at(`desk${place.replace('/', '-')}`, 'owner', `/admin/:issuer${place}`, `${desk}${place}`)),
    ...['experiments', 'reports', 'policies'].map((place) => at(`desk-${place}-one`, 'owner', `/admin/:issuer/${place}/:experiment`, `${desk}/${place}/${app.experimentId}`)),
    at('mailbox', 'owner', '/dev/mail'),
    at('mailed', 'stranger', '/mailed/:token', `/mailed/${mailed}`),
  ]
  return { list, publicPage: list[0]!, open, learner }
}

/** What a reader's browser brings with it: nothing, or a session begun for them. */
export async function cookiesFor({ app }: Stage, { learner }: Sights, reader: Reader): Promise<Parameters<BrowserContext['addCookies']>[0]> {
  if (reader === 'stranger') return []
  const { cookies } = await app.signIn.openFor(reader === 'owner' ? owner : learner.email, '')
  return cookies.map((line) => {
    const [name = '', ...value] = (line.split(';')[0] ?? '').split('=')
    return { name, value: decodeURIComponent(value.join('=')), url: app.site }
  })
}

/** Pages of the table that no sight shows. */
export function unseen(routes: readonly Route[], sights: readonly Sight[]): readonly string[] {
  const shown = new Set(sights.map((one) => one.route))
  const pages = routes.filter((one) => one.method === 'GET' && !one.path.startsWith('/assets/') && !/^\/(?:api|healthz|readyz|oembed|status|dev\/mail\/)/.test(one.path) && !one.path.includes(':file{') && Object.keys(one.answers).length === 0)
  return [...new Set(pages.map((one) => one.path).filter((path) => path !== '/' && !shown.has(path)))]
}
