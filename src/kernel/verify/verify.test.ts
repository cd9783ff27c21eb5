import assert from 'node:assert/strict'
import { test } from 'node:test'
import { bakePng, bakeSvg, buildAchievementCredential, buildEndorsementCredential, type JsonObject } from '#kernel/openbadge'
import { encodeMultikey, issueSdJwt } from '#kernel/proof'
import { reasonCodes } from './reasons.ts'
import type { Report } from './report.ts'
import { changed, genuine, issuerDocument, issuerId, issuerKey, method, now, parts, plainStatusList, revocationList, signed, statusList, strangerId, strangerKey, strangerMethod, suspensionList, surroundings, unsigned } from './specimen.ts'
import { verifyCredential } from './verify.ts'

const verified = (document: JsonObject, changes: Parameters<typeof surroundings>[0] = {}): Promise<Report> => verifyCredential(JSON.stringify(document), surroundings(changes))
const codes = (report: Report): string[] => report.checks.map((one) => one.code)
const open = (report: Report): string[] => report.checks.filter((one) => one.result !== 'passed').map((one) => one.code)

test('a genuine credential of a listed issuer is trusted, every check has passed, and the facts are those that were signed', async () => {
  const report = await verified(genuine)
  assert.equal(report.verdict, 'trusted')
  assert.equal(report.headline, 'Yes. It is genuine, and we know the issuer.')
  assert.equal(report.explanation, 'Example Institute says so itself, and a registry that this site trusts lists the issuer.')
  assert.deepEqual(codes(report), ['parsed.read', 'schema.open_badge', 'contexts.known', 'proof.holds', 'issuer.key_listed', 'status.clear', 'dates.in_force_until', 'registry.listed', 'refresh.none'])
  assert.equal(report.checks[4]?.detail, 'The key belongs to learn.example.org.')
  assert.equal(report.checks[6]?.detail, 'In force until 14 October 2029.')
  assert.equal(report.at, '2026-11-23T09:41:00.000Z')
  assert.deepEqual(report.document, JSON.parse(JSON.stringify(genuine)))
  const { facts } = report
  assert.equal(facts?.who, 'Adaeze Nkechi Okonkwo')
  assert.equal(facts?.what, 'Data Analysis for Business Decisions')
  assert.equal(facts?.issuerName, 'Example Institute')
  assert.equal(facts?.hours, 120)
  assert.equal(facts?.assessed, 'Marked project and supervised exam')
  assert.deepEqual(facts?.results, [{ name: 'Project', value: '82' }])
  assert.equal(facts?.alignments[0]?.name, 'perform data analysis')
})

test('every reason that a report gives is on the closed list', async () => {
  const known = new Set<string>(reasonCodes)
  for (const report of [await verified(genuine), await verified(unsigned), await verifyCredential('nothing', surroundings())]) for (const code of codes(report)) assert.ok(known.has(code), code)
})

test('an issuer that no registry lists is unknown, and so is everybody where no registry is trusted', async () => {
  const unlisted = await verified(genuine, { trustedIssuers: () => undefined })
  assert.equal(unlisted.verdict, 'unknown_issuer')
  assert.equal(unlisted.headline, 'It is genuine, but we do not know the issuer.')
  assert.match(unlisted.explanation, /Whether “Example Institute” is a real school, a signature cannot say\./)
  const { trustedIssuers, ...without } = surroundings()
  assert.ok(trustedIssuers)
  assert.deepEqual(open(await verifyCredential(JSON.stringify(genuine), without)), ['registry.none_asked'])
})

test('what nobody signed is not shown', async () => {
  const forged = await verified(changed(genuine, ['credentialSubject', 'achievement', 'name'], 'Doctor of Medicine'))
  assert.equal(forged.verdict, 'not_proved')
  assert.equal(forged.reason, 'proof.signature_wrong')
  assert.equal(forged.facts, undefined)
  assert.equal(forged.document, undefined)
  assert.deepEqual(open(forged), ['proof.signature_wrong', 'issuer.not_considered', 'status.not_considered', 'dates.not_considered', 'registry.not_considered', 'refresh.not_considered'])
  assert.equal((await verified(unsigned)).reason, 'proof.none')
})

test('a missing answer is "could not be checked", and never trusted', async () => {
  const noList = await verified(genuine, { lists: { [revocationList]: undefined } })
  assert.deepEqual([noList.verdict, noList.reason], ['unknown_issuer', 'status.unreachable'])
  assert.ok(noList.facts)
  const noKey = await verified(genuine, { resolveDid: async () => undefined })
  assert.deepEqual([noKey.verdict, noKey.reason], ['not_proved', 'proof.key_unreachable'])
  assert.equal(noKey.checks.find((one) => one.name === 'proof')?.result, 'not_checked')
  assert.equal(noKey.facts, undefined)
  const alone = await verifyCredential(JSON.stringify(genuine), { now })
  assert.equal(alone.verdict, 'not_proved')
})

test('revoked, suspended, expired and not yet in force each have their headline, and still say what they were', async () => {
  const revoked = await verified(genuine, { lists: { [revocationList]: await statusList(revocationList, 'revocation', [94_567]) } })
  assert.deepEqual([revoked.verdict, revoked.reason, revoked.headline], ['not_proved', 'status.revoked', 'Revoked. Do not rely on it.'])
  assert.equal(revoked.facts?.who, 'Adaeze Nkechi Okonkwo')
  const suspended = await verified(genuine, { lists: { [suspensionList]: await statusList(suspensionList, 'suspension', [1_203]) } })
  assert.deepEqual([suspended.reason, suspended.headline], ['status.suspended', 'Suspended. Do not rely on it for now.'])
  assert.deepEqual([(await verified(genuine, { now: Date.parse('2030-01-01T00:00:00Z') })).reason], ['dates.expired'])
  assert.deepEqual([(await verified(genuine, { now: Date.parse('2026-01-01T00:00:00Z') })).reason], ['dates.not_yet'])
})

test('validity includes its first and its last moment', async () => {
  const at = async (moment: string): Promise<string | undefined> => (await verified(genuine, { now: Date.parse(moment) })).checks.find((one) => one.name === 'dates')?.code
  assert.equal(await at('2026-10-14T09:00:00.000Z'), 'dates.in_force_until')
  assert.equal(await at('2026-10-14T08:59:59.999Z'), 'dates.not_yet')
  assert.equal(await at('2029-10-14T09:00:00.000Z'), 'dates.in_force_until')
  assert.equal(await at('2029-10-14T09:00:00.001Z'), 'dates.expired')
})

test('an impostor with the same name and logo is never trusted', async () => {
  const impostor = await signed(buildAchievementCredential({ ...parts, issuer: { ...(parts.issuer as object), id: strangerId } as typeof parts.issuer }), { key: strangerKey, verificationMethod: strangerMethod })
  const own = await verified(impostor)
  assert.equal(own.verdict, 'not_proved')
  // The lists are those of the issuer whose name was taken.
  assert.equal(own.reason, 'status.list_foreign')
  const borrowed = await verified(await signed(unsigned, { key: strangerKey, verificationMethod: strangerMethod }))
  assert.deepEqual([borrowed.verdict, borrowed.reason], ['not_proved', 'issuer.mismatch'])
  assert.equal(borrowed.facts, undefined)
})

test('pictures and PDF text carry the same credential to the same report', async () => {
  const svg = bakeSvg('<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', JSON.stringify(genuine))
  const fromSvg = await verifyCredential(svg, surroundings())
  assert.deepEqual([fromSvg.verdict, fromSvg.carrier], ['trusted', 'svg'])
  const pixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCB4dhpVwAAAABJRU5ErkJggg==', 'base64')
  const fromPng = await verifyCredential(bakePng(pixel, JSON.stringify(genuine)), surroundings())
  assert.deepEqual([fromPng.verdict, fromPng.carrier], ['trusted', 'png'])
})

test('a set of proofs holds when each holds and one is the issuer’s', async () => {
  const both = await signed(genuine, { key: strangerKey, verificationMethod: strangerMethod })
  const report = await verified(both)
  assert.equal(report.verdict, 'trusted')
  assert.equal(report.checks.filter((one) => one.name === 'proof').length, 2)
  const broken = changed(both, ['proof', 1, 'proofValue'], (both['proof'] as JsonObject[])[0]?.['proofValue'] as string)
  assert.equal((await verified(broken)).verdict, 'not_proved')
})

test('a newer version is offered once, verified, and told', async () => {
  const service = { id: 'https://learn.example.org/refresh/7hq2mk9d', type: '1EdTechCredentialRefresh' }
  const older = await signed(buildAchievementCredential({ ...parts, refreshService: service }))
  const newer = await signed(buildAchievementCredential({ ...parts, refreshService: service, validFrom: '2026-11-01T00:00:00Z' }))
  let asked = 0
  const answering = (document: JsonObject | undefined): Parameters<typeof surroundings>[0] => ({ fetchRefresh: async () => (asked++, document === undefined ? undefined : JSON.stringify(document)) })
  const told = await verified(older, answering(newer))
  assert.deepEqual([told.verdict, told.checks.at(-1)?.code, told.newer?.verdict, asked], ['trusted', 'refresh.newer', 'trusted', 1])
  assert.equal(told.checks.at(-1)?.detail, 'Its issuer has a newer version, of 1 November 2026.')
  assert.equal((await verified(older, answering(older))).checks.at(-1)?.code, 'refresh.current')
  assert.equal((await verified(older, answering(undefined))).checks.at(-1)?.code, 'refresh.unreachable')
  assert.equal((await verified(older)).checks.at(-1)?.code, 'refresh.not_asked')
  assert.equal((await verified(older, answering(changed(newer, ['name'], 'Another')))).checks.at(-1)?.code, 'refresh.answer_wrong')
  const tampered = await verified(changed(older, ['name'], 'x'), answering(newer))
  assert.equal(tampered.checks.at(-1)?.code, 'refresh.not_considered')
})

test('embedded endorsements are verified each by itself', async () => {
  const endorsement = await signed(buildEndorsementCredential({ id: 'urn:uuid:8c7a9a0e-8a39-4f44-9a53-5b6f1f0f7f01', issuer: { id: strangerId, type: ['Profile'], name: 'Example Agency' }, endorsed: parts.achievement.id, comment: 'We reviewed this course.', name: 'Endorsement', validFrom: '2026-01-01T00:00:00Z' }), { key: strangerKey, verificationMethod: strangerMethod })
  const carried = await verified(await signed(buildAchievementCredential({ ...parts, endorsement: [endorsement, { ...changed(endorsement, ['credentialSubject', 'endorsementComment'], 'The best course there is.'), id: 'urn:uuid:8c7a9a0e-8a39-4f44-9a53-5b6f1f0f7f02' }] })))
  assert.equal(carried.verdict, 'trusted')
  assert.deepEqual(carried.endorsements.map((one) => [one.verdict, one.code, one.by, one.comment]), [
    ['unknown_issuer', 'registry.unlisted', 'Example Agency', 'We reviewed this course.'],
    ['not_proved', 'proof.signature_wrong', undefined, undefined],
  ])
  const alone = await verified(endorsement)
  assert.deepEqual([alone.verdict, alone.checks[1]?.code, alone.facts?.kind, alone.facts?.comment], ['unknown_issuer', 'schema.endorsement', 'endorsement', 'We reviewed this course.'])
})

test('a key that was withdrawn says since when', async () => {
  const { formerKey } = await import('./specimen.ts')
  const report = await verified(await signed(unsigned, { key: formerKey, verificationMethod: `${issuerId}#key-0` }))
  assert.equal(report.reason, 'proof.key_revoked')
  assert.match(report.checks.find((one) => one.name === 'proof')?.detail ?? '', /on 1 June 2026/)
})

test('a did:web document about somebody else, or without the key, proves nothing', async () => {
  const foreign = await verified(genuine, { resolveDid: async () => changed(issuerDocument, ['id'], 'did:web:other.example.org') })
  assert.equal(foreign.reason, 'proof.controller_mismatch')
  const keyless = await verified(genuine, { resolveDid: async () => ({ id: issuerId }) })
  assert.equal(keyless.reason, 'proof.method_unknown')
  assert.equal(keyless.checks.find((one) => one.name === 'proof')?.result, 'failed')
  assert.ok(method)
})

test('an SD-JWT VC without JSON-LD is verified, shown by its kind, and its own status list is said to be unread', async () => {
  const claims = { vct: 'https://learn.example.org/vct/course', iss: issuerId, iat: 1_793_000_000, exp: 1_893_000_000, given_name: 'Adaeze', family_name: 'Okonkwo', sub: 'did:example:learner' }
  let salt = 0
  const issue = (more: JsonObject): Promise<string> => issueSdJwt({ ...claims, ...more }, issuerKey, { kid: method, type: 'dc+sd-jwt', conceal: ['/given_name'], salt: () => Buffer.from(`salt number ${salt++} of this test`).toString('base64url') })
  const report = await verifyCredential(await issue({}), surroundings())
  assert.deepEqual([report.verdict, report.securing, report.facts?.what, report.facts?.who], ['trusted', 'sd-jwt', 'https://learn.example.org/vct/course', 'Adaeze Okonkwo'])
  assert.deepEqual(codes(report).slice(1, 3), ['schema.sd_jwt_vc', 'contexts.not_needed'])
  const listed = await verifyCredential(await issue({ status: { status_list: { idx: 1, uri: 'https://learn.example.org/tsl' } } }), surroundings())
  assert.deepEqual([listed.verdict, listed.reason], ['unknown_issuer', 'status.type_unknown'])
  const late = await verifyCredential(await issue({}), surroundings({ now: 1_893_000_000_000 }))
  assert.equal(late.reason, 'dates.expired')
})

test('an issuer that is an https address is known by its own document, and unconfirmed without it', async () => {
  const address = 'https://learn.example.org/issuer'
  const key = encodeMultikey(issuerKey.publicKey)
  const credential = await signed(changed(changed(unsigned, ['issuer', 'id'], address), ['credentialStatus'], undefined), { verificationMethod: `${address}#${key}` })
  const document: JsonObject = { id: address, verificationMethod: [{ id: `${address}#${key}`, type: 'Multikey', controller: address, publicKeyMultibase: key }], assertionMethod: [`${address}#${key}`] }
  const listed = await verified(credential, { resolveDid: async (id) => (id === address ? document : undefined), trustedIssuers: () => ({ registry: 'a registry' }) })
  assert.deepEqual([listed.verdict, listed.checks[4]?.code], ['trusted', 'issuer.key_listed'])
  const alone = await verified(credential, { resolveDid: async () => undefined, trustedIssuers: () => ({ registry: 'a registry' }) })
  assert.deepEqual([alone.verdict, alone.reason], ['unknown_issuer', 'issuer.self_stated'])
})

test('lists of the older StatusList2021 are read', async () => {
  const id = 'https://learn.example.org/status/2021'
  const older = { '@context': ['https://www.w3.org/2018/credentials/v1', 'https://w3id.org/vc/status-list/2021/v1'], type: ['VerifiableCredential', 'StatusList2021Credential'], issuer: issuerId, issuanceDate: '2026-11-23T00:00:00Z' }
  const list = async (set: readonly number[]): Promise<JsonObject> => {
    const { credentialSubject } = plainStatusList(id, 'revocation', set)
    const subject = credentialSubject as JsonObject
    return signed({ ...older, id, credentialSubject: { ...subject, type: 'StatusList2021', encodedList: (subject['encodedList'] as string).slice(1) } })
  }
  const credential = await signed({ ...older, '@context': [...older['@context']], id: 'urn:uuid:3f2a3c0e-0b0c-4d7e-9c55-0c1d1c1f2b3a', type: ['VerifiableCredential'], credentialSubject: { id: 'did:example:learner' }, credentialStatus: { id: `${id}#9`, type: 'StatusList2021Entry', statusPurpose: 'revocation', statusListIndex: '9', statusListCredential: id } })
  assert.equal((await verified(credential, { lists: { [id]: await list([]) } })).verdict, 'trusted')
  assert.equal((await verified(credential, { lists: { [id]: await list([9]) } })).reason, 'status.revoked')
})
