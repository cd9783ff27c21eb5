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
import { doses, doseText, elsewhere, payloads } from '#test/active-content'
import { client, type Client } from '#test/client'
import type { Shown } from './chamber.ts'
import { aMinuteLater, type Stage } from './stage.ts'

/** Who runs the place. */
const owner = 'head.of.poison@university.example'

/** What stands where: the payload of that number in that field. */
export interface Planted {
  readonly field: string
  readonly payload: number
}

const turns = Math.ceil(payloads.length / doses.length)

export interface Round {
  /** By sign. */
  readonly planted: ReadonlyMap<number, Planted>
  readonly documents: readonly Shown[]
  readonly files: readonly { readonly name: string; readonly mediaType: string; readonly bytes: Uint8Array }[]
  /** Answers of the server itself that would let something run, were it in them. */
  readonly unguarded: readonly string[]
}

/** What stands in a letter's head: one with the end of a line, or a control character, in it is not handed over (#platform/mail, `unfitBecause`), and there would be no letter to look at. */
// oxlint-disable-next-line no-control-regex
const inOneLine = (text: string): string => text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, ' ')

/** The next ten o'clock in the morning: no letter is sent at night, when other rounds end. */
function atTen({ app }: Stage): void {
  const day = 86_400_000
  const now = app.clock.now().getTime()
  app.clock.advanceTo(new Date(Math.ceil((now - 10 * 3_600_000) / day) * day + 10 * 3_600_000))
}

export async function poisonedRound(stage: Stage, round: number): Promise<Round> {
  const { app } = stage
  const planted = new Map<number, Planted>()
  const places = new Map<string, number>()
  const times = new Map<string, number>()
  /** Which dose a field has in this round: the next one in the next, so that after as many rounds as there are doses it has had each; and what the signs of its payloads are. */
  const plant = (name: string): readonly [nth: number, (payload: number) => number] => {
    const time = (times.get(name) ?? 0) + 1
    times.set(name, time)
    const field = time === 1 ? name : `${name} (${time})`
    const place = places.get(field) ?? places.size
    places.set(field, place)
    const signOf = (payload: number) => {
      const sign = place * 1_000 + payload
      planted.set(sign, { field, payload })
      return sign
    }
    return [(round + place) % doses.length, signOf]
  }
  const raw = (name: string): string => {
    const [nth, signOf] = plant(name)
    return doseText(doses[nth]!, signOf)
  }
  let turn = 0
  /** One payload, where there is no room for more: another each time that `inTurns` comes by, and all of them in as many rounds. */
  const single = (name: string): string => {
    const [nth, signOf] = plant(name)
    const its = payloads.flatMap((_, at) => (at % doses.length === nth ? [at] : []))
    const payload = its[turn % its.length]!
    return payloads[payload]!.text(signOf(payload))
  }
  const inTurns = async (work: () => Promise<void>): Promise<void> => {
    const before = [...times]
    for (turn = 0; turn < turns; turn++) {
      times.clear()
      for (const [name, time] of before) times.set(name, time)
      aMinuteLater(stage)
      await work()
    }
  }
  /** PostgreSQL keeps no NUL; the doors refuse it. */
  const text = (name: string): string => raw(name).replaceAll('\0', '')
  /** Where only an address is taken, the payload itself if it passes for one, else inside one. */
  const address = (name: string): string => {
    const one = text(name)
    return isUrl(one) ? one : `https://${elsewhere}/?q=${encodeURI(one.toWellFormed()).replaceAll(/[\\^{}|`]/g, encodeURIComponent)}`
  }

  const handle = `poison-${round}`
  atTen(stage)
  const people = await app.db.transaction(async (tx) => {
    await addMember(tx, owner, { role: 'owner', issuerId: undefined })
    await tx.change(sql`update party.issuer set name = ${inOneLine(text('issuer’s name'))}, url = ${address('issuer’s url')} where handle = 'demo'`)
    await tx.change(sql`update experiment.experiment set name = ${text('experiment’s name')}, question = ${text('question')}`)
    const issuer = await issuerByHandle(tx, 'demo')
    assert.ok(issuer)
    const endorsement = await issueEndorsement(tx, app.world, issuer, { endorsed: `${app.site}/i/demo/a/${handle}`, comment: text('comment'), name: text('name') })
    const achievement = await saveAchievement(tx, {
      issuerId: issuer.id,
      handle,
      domain: text('domain'),
      document: {
        id: `https://${elsewhere}/achievement/${round}`,
        type: ['Achievement'],
        achievementType: `ext:${text('achievementType').replaceAll(/[^\w]/g, '')}`,
        name: inOneLine(text('name')),
        description: text('description'),
        humanCode: text('humanCode'),
        fieldOfStudy: text('fieldOfStudy'),
        specialization: text('specialization'),
        version: text('version'),
        criteria: { id: address('id'), narrative: text('narrative') },
        image: { id: address('id'), type: 'Image', caption: text('caption') },
        tag: [text('tag'), text('tag')],
        alignment: [{ type: ['Alignment'], targetName: text('targetName'), targetUrl: address('targetUrl'), targetDescription: text('targetDescription'), targetFramework: text('targetFramework'), targetCode: text('targetCode'), targetType: `ext:${text('targetType').replaceAll(/[^\w]/g, '')}` }],
        resultDescription: [{ id: `https://${elsewhere}/result/${round}`, type: ['ResultDescription'], name: text('name'), resultType: 'ext:Mark', valueMin: text('valueMin'), valueMax: text('valueMax') }],
        otherIdentifier: [{ type: 'IdentifierEntry', identifier: text('identifier'), identifierType: 'ext:code' }],
        related: [{ id: address('id'), type: ['Related'], version: text('version') }],
        endorsement: [endorsement],
      },
    })
    const claims: Claims = {
      narrative: text('narrative'),
      evidence: [{ id: address('id'), type: ['Evidence'], name: text('name'), narrative: text('narrative'), description: text('description'), genre: text('genre'), audience: text('audience') }],
      results: [{ type: ['Result'], resultDescription: `https://${elsewhere}/result/${round}`, value: text('value') }],
    }
    assert.deepEqual(faultsOfClaims(achievement, claims, tx.now), [])
    const learners = ['open', 'own', 'revoked', 'suspended', 'second', 'third', 'fourth'].map((who) => ({ externalId: `${who} ${round} ${text('externalId')}`, name: text('name'), email: `${who}-${round}@learners.example`, locale: 'en', timeZone: 'UTC', education: text('education') }))
    await createApiKey(tx, { issuerId: issuer.id, name: text('name'), scopes: ['completions:write'] })
    const { completions } = await recordCompletions(tx, issuer, learners.map((learner) => ({ learner, achievement, completedAt: tx.now, covariates: { [text('column')]: text('covariate') }, claims })), 'api')
    return completions.map(({ completion }, at) => ({ completionId: completion.id, learnerId: completion.learnerId, email: learners[at]!.email }))
  })
  await app.world.queue.drain(app.world)
  const { draft, credentials } = await app.db.transaction(async (tx) => {
    const found = new Map((await credentialsOfCompletions(tx, people.map((one) => one.completionId))).map((one) => [one.completionId, one]))
    const credentials = people.map((one) => found.get(one.completionId)!)
    const [open, , revoked, suspended] = credentials
    for (const one of [open!, revoked!, suspended!]) await setVisibility(tx, { credentialId: one.id, visibility: 'public' })
    await changeStatus(tx, { change: 'revoke', credentialIds: [revoked!.id], reason: text('reason'), byWhom: text('byWhom') })
    await changeStatus(tx, { change: 'suspend', credentialIds: [suspended!.id], reason: text('reason'), byWhom: text('byWhom') })
    const draft = await createExperiment(tx, { issuerId: open!.issuerId, name: text('name'), question: text('question'), arms: defaultArms('share.in_app').map((one) => ({ ...one, name: text('name') })) })
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
  const given = (name = 'in an address') => encodeURIComponent(raw(name).toWellFormed())
  const header = () => raw('header').replaceAll(/[^\u0020-\u007e]/g, '') // an HTTP header carries no other
  for (const path of [`/${given()}`, `/c/${given()}`, `/c/${open}?s=${given()}&n=${given()}&lang=${given()}`, `/i/demo?lang=${given()}`, `/i/${given()}`, `/i/demo/a/${given()}`, `/sign-in?next=${given()}`, `/sign-in/link?token=${given()}`, `/admin?token=${given()}`, `/oembed?url=${given()}`, `/oembed?${given()}=1`, `/unsubscribe/${given()}`, `/mailed/${given()}`, `/status/${given()}`, `/c/${open}/embed?s=${given()}`]) await keep(path.split('%')[0] ?? path, await visitor.get(path))
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
  await verify('verify what was changed', JSON.stringify({ ...tampered, name: raw('name'), issuer: { ...tampered.issuer, name: raw('name') } }))
  await verify('verify what another signed', JSON.stringify({ ...tampered, issuer: { id: address('id'), type: ['Profile'], name: raw('name') }, proof: [{ ...tampered.proof[0], verificationMethod: address('verificationMethod'), cryptosuite: raw('cryptosuite') }] }))
  await verify('verify what is no credential', JSON.stringify({ '@context': [raw('@context')], type: [raw('type')], [raw('unknown member')]: raw('unknown value') }))
  await verify('verify text', raw('text to verify'))
  await verify('verify an address', `https://${elsewhere}/${given()}`)
  await inTurns(async () => {
    await keep('sign in', await visitor.post('/sign-in', { email: single('email'), next: single('next') }))
    await keep('sign in by an address that is one', await visitor.post('/sign-in', { email: `${encodeURIComponent(single('email')).replaceAll(/[^\w]/g, '').slice(0, 40)}@learners.example`, next: single('next') }))
  })
  await verify('verify a file', '', { name: raw('name of a file').replaceAll(/[\0\r\n]/g, ''), text: raw('text of a file') })
  await keep('unknown field', await visitor.post('/sign-in', { [raw('unknown field')]: raw('unknown value') }))

  aMinuteLater(stage)
  for (const path of [`/c/${own}`, `/c/${own}/share`, '/me', '/me/export', '/me/erase']) await get(learner, path)
  await inTurns(async () => {
    await keep('share on a server', await learner.post(`/c/${own}/share/mastodon`, { instance: single('instance'), text: single('text') }))
    await keep('preferences', await learner.post('/me/preferences', { language: 'en', time_zone: single('time_zone') }))
    await keep('a name that one is known by', await learner.post(`/c/${own}/known-as`, { name: single('known as').slice(0, 100) }))
    await get(learner, `/c/${own}`, 'a page with a name that one is known by')
  })
  await keep('consents', await learner.post('/me/consents', { purpose: raw('purpose'), given: raw('given') }))
  await keep('erase', await learner.post('/me/erase', { confirm: raw('confirm') }))
  for (const target of ['email', 'mastodon', 'whatsapp', 'email_signature', 'qr_code', 'copy_link', 'linkedin_profile']) await keep(`share by ${target}`, await learner.post(`/c/${own}/share/${target}`, { text: raw('text'), ...(target === 'mastodon' ? { instance: 'social.example' } : {}) }))
  await get(learner, `/c/${own}/share`, 'share sheet with places')

  aMinuteLater(stage)
  for (const place of ['', '/learners', '/completions', '/credentials', '/experiments', '/reports', '/shares', '/policies', '/keys', `/experiments/${draft}`, `/experiments/${app.experimentId}`, `/reports/${app.experimentId}`, `/reports/${app.experimentId}.csv`, `/policies/${app.experimentId}`]) await get(head, `/admin/demo${place}`, `desk${place.replaceAll(/[0-9a-f-]{36}/g, ':id')}`)
  const upload = async (name: string, fileName: string, csv: string) => {
    const body = new FormData()
    body.set('csrf', await head.token())
    body.set('achievement', name === 'import into what is not there' ? single('achievement') : handle)
    body.set('file', new File([csv], fileName.replaceAll(/[\0\r\n]/g, ''), { type: 'text/csv' }))
    await keep(name, await head.request('POST', '/admin/demo/completions', { body }))
  }
  const cell = () => `"${raw('cell').replaceAll('"', '""')}"`
  const columns = 'learner_id,name,email,locale,time_zone,country,education,completed_at'
  await upload('import with hostile columns', raw('file name'), `${columns},${cell()}\n${Array.from({ length: 9 }, cell).join(',')}\n`)
  await upload('import with hostile cells', raw('file name'), `${columns}\n${[cell(), cell(), '', 'en', 'UTC', 'IN', cell(), '2026-01-05'].join(',')}\n${Array.from({ length: 8 }, cell).join(',')}\n`)
  await upload('import that goes through', raw('file name'), `${columns}\n${[`csv ${round}`, text('name').replaceAll(/[\u0000-\u001f\u2028]/g, ' '), '', 'en', 'UTC', 'IN', '', '2026-01-05'].map((one) => `"${one.replaceAll('"', '""')}"`).join(',')}\n`)
  await inTurns(() => upload('import into what is not there', 'learners.csv', `${columns}\n`))
  await inTurns(async () => {
    await keep('a new key', await head.post('/admin/demo/keys', { name: single('key’s name').slice(0, 100), scope: 'completions:write' }))
    await keep('a new experiment', await head.post('/admin/demo/experiments', { name: single('new experiment’s name').slice(0, 200) }))
    await keep('letters that were looked for', await head.get(`/dev/mail?q=${encodeURIComponent(single('a search').toWellFormed())}`))
  })
  await keep('a revocation', await head.post(`/admin/demo/credentials/${credentials[4]!.publicId}/revocation`, { reason: raw('reason') }))
  await keep('a stop', await head.post(`/admin/demo/experiments/${draft}/stop`, { reason: raw('reason') }))
  aMinuteLater(stage)
  for (const place of ['/experiments', '/keys', '/learners', '/completions', '/credentials']) await get(head, `/admin/demo${place}`, `desk${place} afterwards`)
  await get(head, '/dev/mail')
  const kept = (await app.db.read((tx) => keptLetters(tx, { to: people[0]!.email, limit: 10 }))) as readonly { readonly id?: string; readonly html: string; readonly text: string; readonly subject: string }[]
  assert.ok(letters.length > 0 && kept.length >= letters.length, `${letters.length} letters, and ${kept.length} are kept, at ${app.clock.now().toISOString()}`)
  for (const [at, letter] of kept.entries()) {
    documents.push({ name: `letter ${at} (round ${round})`, mediaType: 'text/html', body: letter.html })
    assert.doesNotMatch(letter.subject, /[\r\n]/)
    if (letter.id !== undefined) for (const path of [`/dev/mail/${letter.id}`, `/dev/mail/${letter.id}/html`]) await get(head, path, path.replace(letter.id, ':id'))
  }
  return { planted, documents, files, unguarded }
}
