/**
 * Fills every field that a provider or a learner may fill with payloads, and gathers everything that then comes out: pages for each reader,
 * answers to forms, mails, frames, drawings, files.
 *
 * Fields are filled by rounds: in round r the field numbered f, in the order in which they are filled, has payload r + f. So that after as many
 * rounds as there are payloads, every field has had every one of them, and nothing is filled twice with the same.
 */
import assert from 'node:assert/strict'
import { isUrl } from '#kernel/openbadge'
import { faultsOfClaims, recordCompletions, saveAchievement, type Claims } from '#journey/completion'
import { changeStatus, credentialsOfCompletions, issueEndorsement, setVisibility } from '#journey/credential'
import { createExperiment, defaultArms } from '#journey/experiment'
import { addMember, createApiKey, issuerByHandle } from '#journey/party'
import { keptLetters } from '#platform/mail'
import { sql } from '#platform/db'
import { elsewhere, payloads } from '#test/active-content'
import { client, type Client } from '#test/client'
import type { Shown } from './chamber.ts'
import { aMinuteLater, type Stage } from './stage.ts'

/** Who runs the place. */
const owner = 'head.of.poison@university.example'

export interface Round {
  readonly fields: number
  readonly documents: readonly Shown[]
  readonly files: readonly { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }[]
  /** Answers of the server itself that would let something run, were it in them. */
  readonly unguarded: readonly string[]
}

export async function poisonedRound(stage: Stage, round: number): Promise<Round> {
  const { app } = stage
  let fields = 0
  const raw = (): string => payloads[(round + fields++) % payloads.length]!.text
  /** PostgreSQL keeps no NUL; the doors refuse it. */
  const text = (): string => raw().replaceAll('\0', '')
  /** Where only an address is taken, the payload itself if it passes for one, else inside one. */
  const address = (): string => {
    const one = text()
    return isUrl(one) ? one : `https://${elsewhere}/?q=${encodeURI(one.toWellFormed()).replaceAll(/[\\^{}|`]/g, encodeURIComponent)}`
  }

  const handle = `poison-${round}`
  const people = await app.db.transaction(async (tx) => {
    await addMember(tx, owner, { role: 'owner', issuerId: undefined })
    await tx.change(sql`update party.issuer set name = ${text()}, url = ${address()} where handle = 'demo'`)
    await tx.change(sql`update experiment.experiment set name = ${text()}, question = ${text()}`)
    const issuer = await issuerByHandle(tx, 'demo')
    assert.ok(issuer)
    const endorsement = await issueEndorsement(tx, app.world, issuer, { endorsed: `${app.site}/i/demo/a/${handle}`, comment: text(), name: text() })
    const achievement = await saveAchievement(tx, {
      issuerId: issuer.id,
      handle,
      domain: text(),
      document: {
        id: `https://${elsewhere}/achievement/${round}`,
        type: ['Achievement'],
        achievementType: `ext:${text().replaceAll(/[^\w]/g, '')}`,
        name: text(),
        description: text(),
        humanCode: text(),
        fieldOfStudy: text(),
        specialization: text(),
        version: text(),
        criteria: { id: address(), narrative: text() },
        image: { id: address(), type: 'Image', caption: text() },
        tag: [text(), text()],
        alignment: [{ type: ['Alignment'], targetName: text(), targetUrl: address(), targetDescription: text(), targetFramework: text(), targetCode: text(), targetType: `ext:${text().replaceAll(/[^\w]/g, '')}` }],
        resultDescription: [{ id: `https://${elsewhere}/result/${round}`, type: ['ResultDescription'], name: text(), resultType: 'ext:Mark', valueMin: text(), valueMax: text() }],
        otherIdentifier: [{ type: 'IdentifierEntry', identifier: text(), identifierType: 'ext:code' }],
        related: [{ id: address(), type: ['Related'], version: text() }],
        endorsement: [endorsement],
      },
    })
    const claims: Claims = {
      narrative: text(),
      evidence: [{ id: address(), type: ['Evidence'], name: text(), narrative: text(), description: text(), genre: text(), audience: text() }],
      results: [{ type: ['Result'], resultDescription: `https://${elsewhere}/result/${round}`, value: text() }],
    }
    assert.deepEqual(faultsOfClaims(achievement, claims, tx.now), [])
    const learners = ['open', 'own', 'revoked', 'suspended', 'second', 'third', 'fourth'].map((who) => ({ externalId: `${who} ${round} ${text()}`, name: text(), email: `${who}-${round}@learners.example`, locale: 'en', timeZone: 'UTC', education: text() }))
    await createApiKey(tx, { issuerId: issuer.id, name: text(), scopes: ['completions:write'] })
    const { completions } = await recordCompletions(tx, issuer, learners.map((learner) => ({ learner, achievement, completedAt: tx.now, covariates: { [text()]: text() }, claims })), 'api')
    return completions.map(({ completion }, at) => ({ completionId: completion.id, learnerId: completion.learnerId, email: learners[at]!.email }))
  })
  await app.world.queue.drain(app.world)
  const { draft, credentials } = await app.db.transaction(async (tx) => {
    const found = new Map((await credentialsOfCompletions(tx, people.map((one) => one.completionId))).map((one) => [one.completionId, one]))
    const credentials = people.map((one) => found.get(one.completionId)!)
    const [open, , revoked, suspended] = credentials
    for (const one of [open!, revoked!, suspended!]) await setVisibility(tx, { credentialId: one.id, visibility: 'public' })
    await changeStatus(tx, { change: 'revoke', credentialIds: [revoked!.id], reason: text(), byWhom: text() })
    await changeStatus(tx, { change: 'suspend', credentialIds: [suspended!.id], reason: text(), byWhom: text() })
    const draft = await createExperiment(tx, { issuerId: open!.issuerId, name: text(), question: text(), arms: defaultArms('share.in_app').map((one) => ({ ...one, name: text() })) })
    return { draft: draft.id, credentials }
  })
  const letters = await app.letters(people[0]!.email)
  const [open, own, revoked, suspended] = credentials.map((one) => one.publicId)

  // ---- what comes out ----

  const documents: Shown[] = []
  const files: { name: string; mediaType: string; bytes: Uint8Array }[] = []
  const unguarded: string[] = []
  const keep = async (name: string, answer: Response): Promise<string> => {
    const mediaType = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    const bytes = new Uint8Array(await answer.arrayBuffer())
    const body = new TextDecoder().decode(bytes)
    const policy = answer.headers.get('content-security-policy') ?? ''
    if (mediaType !== '' && (!/^default-src 'none';/.test(policy) || /script-src[^;]*(?:unsafe|data:|https?:|\*)/.test(policy))) unguarded.push(`${name}: ${policy}`)
    if (mediaType !== '' && answer.headers.get('x-content-type-options') !== 'nosniff') unguarded.push(`${name}: sniffed`)
    assert.notEqual(answer.status, 500, `${name}: ${body.slice(0, 300)}`)
    if (mediaType === 'text/html' || mediaType === 'image/svg+xml') documents.push({ name: `${name} (round ${round})`, mediaType, body })
    else if (bytes.length > 0) files.push({ name, mediaType, bytes })
    return body
  }
  const visitor = client({ request: (request) => fetch(request, { redirect: 'manual' }) }, app.site)
  const as = async (email: string): Promise<Client> => {
    const one = client({ request: (request) => fetch(request, { redirect: 'manual' }) }, app.site)
    one.take((await app.signIn.openFor(email, '')).cookies)
    return one
  }
  const learner = await as(people[1]!.email)
  const head = await as(owner)
  const get = async (who: Client, path: string, name = path.replaceAll(/[A-Za-z0-9_-]{22}/g, ':id')) => {
    const answer = await who.get(path)
    const body = await keep(name, answer)
    // A certificate says so where no face has a character: of these texts, those with control characters in them.
    assert.ok(answer.status === 200 || (path.endsWith('.pdf') && body.includes('no face has')), `${answer.status} ${path}`)
    return body
  }

  aMinuteLater(stage)
  for (const path of [`/c/${open}`, `/c/${open}?lang=ar`, `/c/${revoked}`, `/c/${suspended}`, `/c/${open}/embed`, '/i/demo', `/i/demo/a/${handle}`, `/i/demo/a/${handle}/achievement.json`, `/c/${open}.svg`, `/c/${open}.pdf`, `/c/${open}.png`, `/c/${open}.jws`]) await get(visitor, path)
  const signed = await get(visitor, `/c/${open}.json`)
  const page = documents.find((one) => one.name.startsWith('/c/:id ('))?.body ?? ''
  const card = /<meta property="og:image" content="([^"]+)"/.exec(page)?.[1]
  assert.ok(card, 'the page has a picture')
  await get(visitor, new URL(card).pathname, 'card')
  const embed = JSON.parse(await get(visitor, `/oembed?url=${encodeURIComponent(`${app.site}/c/${open}`)}`)) as { readonly html: string }
  documents.push({ name: `the frame’s source (round ${round})`, mediaType: 'text/html', body: `<!doctype html>${embed.html}` })

  // What somebody gives in an address.
  const given = () => encodeURIComponent(raw())
  for (const path of [`/${given()}`, `/c/${given()}`, `/c/${open}?s=${given()}&n=${given()}&lang=${given()}`, `/i/demo?lang=${given()}`, `/i/${given()}`, `/i/demo/a/${given()}`, `/sign-in?next=${given()}`, `/sign-in/link?token=${given()}`, `/admin?token=${given()}`, `/oembed?url=${given()}`, `/oembed?${given()}=1`, `/unsubscribe/${given()}`, `/mailed/${given()}`, `/status/${given()}`, `/c/${open}/embed?s=${given()}`]) await keep(path.split('%')[0] ?? path, await visitor.get(path))
  const header = () => raw().replaceAll(/[^\u0020-\u007e]/g, '') // an HTTP header carries no other
  await keep('headers', await visitor.get('/nothing', { headers: { referer: header(), 'user-agent': header(), 'accept-language': header(), 'x-request-id': header() } }))

  // What somebody gives in a form.
  aMinuteLater(stage)
  const verify = async (name: string, text: string, file?: { readonly name: string; readonly text: string }) => {
    const body = new FormData()
    body.set('csrf', await visitor.token())
    body.set('text', text)
    if (file) body.set('file', new File([file.text], file.name))
    await keep(name, await visitor.request('POST', '/verify', { body }))
  }
  await verify('verify a credential', signed)
  const tampered = JSON.parse(signed) as { name: string; issuer: Record<string, unknown>; proof: { verificationMethod: string }[]; type: string[] }
  await verify('verify what was changed', JSON.stringify({ ...tampered, name: raw(), issuer: { ...tampered.issuer, name: raw() } }))
  await verify('verify what another signed', JSON.stringify({ ...tampered, issuer: { id: address(), type: ['Profile'], name: raw() }, proof: [{ ...tampered.proof[0], verificationMethod: address(), cryptosuite: raw() }] }))
  await verify('verify what is no credential', JSON.stringify({ '@context': [raw()], type: [raw()], [raw()]: raw() }))
  await verify('verify text', raw())
  await verify('verify an address', `https://${elsewhere}/${given()}`)
  await verify('verify a file', '', { name: raw().replaceAll(/[\0\r\n]/g, ''), text: raw() })
  await keep('sign in', await visitor.post('/sign-in', { email: raw(), next: raw() }))
  await keep('sign in by an address that is one', await visitor.post('/sign-in', { email: `${encodeURIComponent(raw()).replaceAll(/[^\w]/g, '').slice(0, 40)}@learners.example`, next: raw() }))
  await keep('unknown field', await visitor.post('/sign-in', { [raw()]: raw() }))

  aMinuteLater(stage)
  for (const path of [`/c/${own}`, `/c/${own}/share`, '/me', '/me/export', '/me/erase']) await get(learner, path)
  await keep('share on a server', await learner.post(`/c/${own}/share/mastodon`, { instance: raw(), text: raw() }))
  for (const target of ['email', 'mastodon', 'whatsapp', 'email_signature', 'qr_code', 'copy_link', 'linkedin_profile']) await keep(`share by ${target}`, await learner.post(`/c/${own}/share/${target}`, { text: raw(), ...(target === 'mastodon' ? { instance: 'social.example' } : {}) }))
  await get(learner, `/c/${own}/share`, 'share sheet with places')
  await keep('preferences', await learner.post('/me/preferences', { language: 'en', time_zone: raw() }))
  await keep('consents', await learner.post('/me/consents', { purpose: raw(), given: raw() }))
  await keep('erase', await learner.post('/me/erase', { confirm: raw() }))

  aMinuteLater(stage)
  for (const place of ['', '/learners', '/completions', '/credentials', '/experiments', '/reports', '/shares', '/policies', '/keys', `/experiments/${draft}`, `/experiments/${app.experimentId}`, `/reports/${app.experimentId}`, `/reports/${app.experimentId}.csv`, `/policies/${app.experimentId}`]) await get(head, `/admin/demo${place}`, `desk${place.replaceAll(/[0-9a-f-]{36}/g, ':id')}`)
  const upload = async (name: string, fileName: string, csv: string) => {
    const body = new FormData()
    body.set('csrf', await head.token())
    body.set('achievement', name === 'import into what is not there' ? raw() : handle)
    body.set('file', new File([csv], fileName.replaceAll(/[\0\r\n]/g, ''), { type: 'text/csv' }))
    await keep(name, await head.request('POST', '/admin/demo/completions', { body }))
  }
  const cell = () => `"${raw().replaceAll('"', '""')}"`
  const columns = 'learner_id,name,email,locale,time_zone,country,education,completed_at'
  await upload('import with hostile columns', raw(), `${columns},${cell()}\n${Array.from({ length: 9 }, cell).join(',')}\n`)
  await upload('import with hostile cells', raw(), `${columns}\n${[cell(), cell(), '', 'en', 'UTC', 'IN', cell(), '2026-01-05'].join(',')}\n${Array.from({ length: 8 }, cell).join(',')}\n`)
  await upload('import that goes through', raw(), `${columns}\n${[`csv ${round}`, text().replaceAll(/[\u0000-\u001f\u2028]/g, ' '), '', 'en', 'UTC', 'IN', '', '2026-01-05'].map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\n`)
  await upload('import into what is not there', raw(), `${columns}\n`)
  await keep('a new key', await head.post('/admin/demo/keys', { name: raw().slice(0, 100), scope: 'completions:write' }))
  await keep('a new experiment', await head.post('/admin/demo/experiments', { name: raw() }))
  await keep('a revocation', await head.post(`/admin/demo/credentials/${credentials[4]!.publicId}/revocation`, { reason: raw() }))
  await keep('a stop', await head.post(`/admin/demo/experiments/${draft}/stop`, { reason: raw() }))
  aMinuteLater(stage)
  for (const place of ['/experiments', '/keys', '/learners', '/completions', '/credentials']) await get(head, `/admin/demo${place}`, `desk${place} afterwards`)
  await get(head, '/dev/mail')
  await keep('letters that were looked for', await head.get(`/dev/mail?q=${given()}`))
  const kept = (await app.db.read((tx) => keptLetters(tx, { to: people[0]!.email, limit: 10 }))) as readonly { readonly id?: string; readonly html: string; readonly text: string; readonly subject: string }[]
  assert.ok(letters.length > 0 && kept.length === letters.length, 'a letter has come')
  for (const [at, letter] of kept.entries()) {
    documents.push({ name: `letter ${at} (round ${round})`, mediaType: 'text/html', body: letter.html })
    assert.doesNotMatch(letter.subject, /[\r\n]/)
    if (letter.id !== undefined) for (const path of [`/dev/mail/${letter.id}`, `/dev/mail/${letter.id}/html`]) await get(head, path, path.replace(letter.id, ':id'))
  }
  return { fields, documents, files, unguarded }
}
