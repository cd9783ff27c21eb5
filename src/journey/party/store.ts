import { sql, type Tx } from '#platform/db'
import type { ApiKey, ApiScope } from './api-key.ts'
import type { ConsentGiven, ConsentOnRecord } from './consent.ts'
import type { Membership, Role } from './member.ts'
import type { ConsentPurpose, Issuer, Learner, Logo } from './party.ts'

interface IssuerRow {
  readonly id: string
  readonly handle: string
  readonly name: string
  readonly url: string | null
  readonly linkedin_organization_id: string | null
  readonly locale: string
  readonly time_zone: string
  readonly demo: boolean
  readonly directory: boolean
  readonly colour: string | null
  readonly logo_key: string | null
  readonly logo_width: number | null
  readonly logo_height: number | null
}

interface LearnerRow {
  readonly id: string
  readonly issuer_id: string
  readonly external_id: string
  readonly name: string
  readonly email: string | null
  readonly locale: string
  readonly time_zone: string
  readonly country: string | null
  readonly education: string | null
  readonly erased_at: Date | null
  readonly waking_from: number | null
  readonly waking_to: number | null
}

const toIssuer = (row: IssuerRow): Issuer =>
  Object.freeze({
    id: row.id,
    handle: row.handle,
    name: row.name,
    url: row.url ?? undefined,
    linkedinOrganizationId: row.linkedin_organization_id ?? undefined,
    locale: row.locale,
    timeZone: row.time_zone,
    demo: row.demo,
    ...(row.directory ? { directory: true as const } : {}),
    ...(row.colour === null ? {} : { colour: row.colour }),
    ...(row.logo_key === null ? {} : { logo: Object.freeze({ key: row.logo_key, width: row.logo_width ?? 0, height: row.logo_height ?? 0 }) }),
  })

const toLearner = (row: LearnerRow): Learner =>
  Object.freeze({
    id: row.id,
    issuerId: row.issuer_id,
    externalId: row.external_id,
    name: row.name,
    email: row.email ?? undefined,
    locale: row.locale,
    timeZone: row.time_zone,
    country: row.country ?? undefined,
    education: row.education ?? undefined,
    erasedAt: row.erased_at ?? undefined,
    ...(row.waking_from === null || row.waking_to === null ? {} : { waking: Object.freeze({ from: row.waking_from, to: row.waking_to }) }),
  })

/** What the learner chose outweighs what the provider says. */
const learnerColumns = sql`id, issuer_id, external_id, name, email, coalesce(chosen_locale, locale) as locale, coalesce(chosen_time_zone, time_zone) as time_zone, country, education, erased_at, waking_from, waking_to`
const issuerColumns = sql`id, handle, name, url, linkedin_organization_id, locale, time_zone, demo, directory, colour, logo_key, logo_width, logo_height`

export async function insertIssuer(tx: Tx, issuer: Issuer): Promise<void> {
  await tx.change(sql`insert into party.issuer (id, handle, name, url, linkedin_organization_id, locale, time_zone, demo, created_at)
    values (${issuer.id}, ${issuer.handle}, ${issuer.name}, ${issuer.url ?? null}, ${issuer.linkedinOrganizationId ?? null}, ${issuer.locale}, ${issuer.timeZone}, ${issuer.demo}, ${tx.now})`)
}

export async function setIssuerLook(tx: Tx, id: string, look: { readonly directory: boolean; readonly colour: string | undefined }): Promise<void> {
  await tx.change(sql`update party.issuer set directory = ${look.directory}, colour = ${look.colour ?? null} where id = ${id}`)
}

export async function setIssuerLogo(tx: Tx, id: string, logo: (Logo & { readonly png: Uint8Array }) | undefined): Promise<void> {
  await tx.change(sql`update party.issuer set logo_key = ${logo?.key ?? null}, logo_width = ${logo?.width ?? null}, logo_height = ${logo?.height ?? null}, logo_png = ${logo ? Buffer.from(logo.png) : null} where id = ${id}`)
}

/** The picture of that key, as PNG; undefined where the issuer has another by now, or none. */
export async function issuerLogo(tx: Tx, id: string, key: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const [row] = await tx.query(sql<{ logo_png: Buffer | null }>`select logo_png from party.issuer where id = ${id} and logo_key = ${key}`)
  return row?.logo_png ? new Uint8Array(row.logo_png) : undefined
}

export async function issuerByHandle(tx: Tx, handle: string): Promise<Issuer | undefined> {
  const rows = await tx.query(sql<IssuerRow>`select ${issuerColumns} from party.issuer where handle = ${handle}`)
  return rows[0] && toIssuer(rows[0])
}

export async function issuerById(tx: Tx, id: string): Promise<Issuer | undefined> {
  const rows = await tx.query(sql<IssuerRow>`select ${issuerColumns} from party.issuer where id = ${id}`)
  return rows[0] && toIssuer(rows[0])
}

export async function allIssuers(tx: Tx): Promise<readonly Issuer[]> {
  return (await tx.query(sql<IssuerRow>`select ${issuerColumns} from party.issuer order by created_at, id`)).map(toIssuer)
}

export async function demoIssuers(tx: Tx): Promise<readonly Issuer[]> {
  return (await allIssuers(tx)).filter((issuer) => issuer.demo)
}

export async function upsertLearners(tx: Tx, issuerId: string, learners: readonly Omit<Learner, 'issuerId' | 'erasedAt'>[]): Promise<void> {
  const column = <K extends keyof (typeof learners)[number]>(name: K) => learners.map((one) => one[name] ?? null)
  await tx.change(sql`insert into party.learner (id, issuer_id, external_id, name, email, locale, time_zone, country, education, created_at)
    select id, ${issuerId}::uuid, external_id, name, email, locale, time_zone, country, education, ${tx.now}
    from unnest(${column('id')}::uuid[], ${column('externalId')}::text[], ${column('name')}::text[], ${column('email')}::text[],
      ${column('locale')}::text[], ${column('timeZone')}::text[], ${column('country')}::text[], ${column('education')}::text[])
      as given (id, external_id, name, email, locale, time_zone, country, education)
    on conflict (issuer_id, external_id) do update set name = excluded.name, email = coalesce(excluded.email, learner.email),
      locale = excluded.locale, time_zone = excluded.time_zone,
      country = coalesce(excluded.country, learner.country), education = coalesce(excluded.education, learner.education)
    where learner.erased_at is null`)
}

export async function learnersById(tx: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Learner>> {
  const rows = await tx.query(sql<LearnerRow>`select ${learnerColumns} from party.learner where id = any(${ids}::uuid[])`)
  return new Map(rows.map((row) => [row.id, toLearner(row)]))
}

export async function learnersByExternalId(tx: Tx, issuerId: string, externalIds: readonly string[]): Promise<ReadonlyMap<string, Learner>> {
  const rows = await tx.query(sql<LearnerRow>`select ${learnerColumns} from party.learner where issuer_id = ${issuerId} and external_id = any(${externalIds}::text[])`)
  return new Map(rows.map((row) => [row.external_id, toLearner(row)]))
}

export async function learnersByEmail(tx: Tx, email: string): Promise<readonly Learner[]> {
  return (await tx.query(sql<LearnerRow>`select ${learnerColumns} from party.learner where lower(email) = lower(${email}) and erased_at is null order by created_at, id`)).map(toLearner)
}

export async function learnersOf(tx: Tx, issuerId: string, page: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly Learner[]> {
  return (await tx.query(sql<LearnerRow>`select ${learnerColumns} from party.learner where issuer_id = ${issuerId} and id > ${page.after ?? '00000000-0000-0000-0000-000000000000'}::uuid order by id limit ${page.limit}`)).map(toLearner)
}

export async function countLearners(tx: Tx, issuerId: string): Promise<number> {
  return (await tx.query(sql<{ count: number }>`select count(*) from party.learner where issuer_id = ${issuerId}`))[0]?.count ?? 0
}

export async function blankLearners(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.change(sql`update party.learner set name = '', email = null, country = null, education = null, locale = 'und', time_zone = 'UTC', chosen_locale = null, chosen_time_zone = null, waking_from = null, waking_to = null,
      external_id = 'erased-' || id, erased_at = ${tx.now}
    where id = any(${ids}::uuid[]) and erased_at is null`)
}

export async function choosePreferences(tx: Tx, ids: readonly string[], chosen: { readonly locale: string | undefined; readonly timeZone: string | undefined; readonly waking: Learner['waking'] | undefined }): Promise<void> {
  const { waking } = chosen
  await tx.change(sql`update party.learner set chosen_locale = coalesce(${chosen.locale ?? null}, chosen_locale), chosen_time_zone = coalesce(${chosen.timeZone ?? null}, chosen_time_zone),
      waking_from = coalesce(${waking?.from ?? null}::smallint, waking_from), waking_to = coalesce(${waking?.to ?? null}::smallint, waking_to)
    where id = any(${ids}::uuid[]) and erased_at is null`)
}

export async function insertConsents(tx: Tx, given: readonly ConsentGiven[]): Promise<void> {
  await tx.change(sql`insert into party.consent (id, learner_id, purpose, given, text_version, source, at)
    select id, learner_id, purpose, given, text_version, source, ${tx.now}
    from unnest(${given.map(() => tx.ids.uuid(tx.now))}::uuid[], ${given.map((one) => one.learnerId)}::uuid[], ${given.map((one) => one.purpose)}::text[],
      ${given.map((one) => one.given)}::boolean[], ${given.map((one) => one.textVersion)}::text[], ${given.map((one) => one.source)}::text[])
      as given (id, learner_id, purpose, given, text_version, source)`)
}

export async function newestConsents(tx: Tx, learnerIds: readonly string[]): Promise<readonly { readonly learnerId: string; readonly purpose: ConsentPurpose; readonly given: boolean }[]> {
  const rows = await tx.query(sql<{ learner_id: string; purpose: ConsentPurpose; given: boolean }>`
    select distinct on (learner_id, purpose) learner_id, purpose, given from party.consent
    where learner_id = any(${learnerIds}::uuid[]) order by learner_id, purpose, at desc, sequence desc`)
  return rows.map((row) => ({ learnerId: row.learner_id, purpose: row.purpose, given: row.given }))
}

/** Everything that learners agreed to or took back, the newest first. */
export async function consentHistory(tx: Tx, learnerIds: readonly string[]): Promise<readonly ConsentOnRecord[]> {
  const rows = await tx.query(sql<{ learner_id: string; purpose: ConsentPurpose; given: boolean; text_version: string; source: ConsentGiven['source']; at: Date }>`
    select learner_id, purpose, given, text_version, source, at from party.consent where learner_id = any(${learnerIds}::uuid[]) order by at desc, sequence desc`)
  return rows.map((row) => Object.freeze({ learnerId: row.learner_id, purpose: row.purpose, given: row.given, textVersion: row.text_version, source: row.source, at: row.at }))
}

/** Those of whom any consent, given or refused, is on record. */
export async function learnersAsked(tx: Tx, learnerIds: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await tx.query(sql<{ learner_id: string }>`select distinct learner_id from party.consent where learner_id = any(${learnerIds}::uuid[])`)
  return new Set(rows.map((row) => row.learner_id))
}

export async function insertMember(tx: Tx, email: string, membership: Membership): Promise<void> {
  await tx.change(sql`insert into party.member (email, issuer_id, role, added_at) values (${email}, ${membership.issuerId ?? null}, ${membership.role}, ${tx.now}) on conflict do nothing`)
}

export async function endMemberships(tx: Tx, email: string): Promise<void> {
  await tx.change(sql`update party.member set removed_at = ${tx.now} where email = ${email} and removed_at is null`)
}

export async function membershipsOf(tx: Tx, email: string): Promise<readonly Membership[]> {
  const rows = await tx.query(sql<{ role: Role; issuer_id: string | null }>`select role, issuer_id from party.member where email = ${email} and removed_at is null order by role, issuer_id`)
  return rows.map((row) => Object.freeze({ role: row.role, issuerId: row.issuer_id ?? undefined }))
}

interface ApiKeyRow {
  readonly id: string
  readonly issuer_id: string
  readonly name: string
  readonly scopes: ApiScope[]
  readonly created_at: Date
  readonly revoked_at: Date | null
}

const toApiKey = (row: ApiKeyRow): ApiKey =>
  Object.freeze({ id: row.id, issuerId: row.issuer_id, name: row.name, scopes: Object.freeze(row.scopes), createdAt: row.created_at, revokedAt: row.revoked_at ?? undefined })

export async function insertApiKey(tx: Tx, key: ApiKey, digest: Uint8Array): Promise<void> {
  await tx.change(sql`insert into party.api_key (id, issuer_id, name, digest, scopes, created_at) values (${key.id}, ${key.issuerId}, ${key.name}, ${digest}, ${key.scopes}, ${key.createdAt})`)
}

export async function keyByDigest(tx: Tx, digest: Uint8Array): Promise<ApiKey | undefined> {
  const rows = await tx.query(sql<ApiKeyRow>`select id, issuer_id, name, scopes, created_at, revoked_at from party.api_key where digest = ${digest} and revoked_at is null`)
  return rows[0] && toApiKey(rows[0])
}

export async function keysOfIssuer(tx: Tx, issuerId: string): Promise<readonly ApiKey[]> {
  return (await tx.query(sql<ApiKeyRow>`select id, issuer_id, name, scopes, created_at, revoked_at from party.api_key where issuer_id = ${issuerId} order by created_at, id`)).map(toApiKey)
}

export async function endApiKey(tx: Tx, keyId: string): Promise<void> {
  await tx.change(sql`update party.api_key set revoked_at = ${tx.now} where id = ${keyId} and revoked_at is null`)
}

export async function removeParties(tx: Tx, issuerId: string): Promise<void> {
  await tx.change(sql`delete from party.consent c using party.learner l where l.id = c.learner_id and l.issuer_id = ${issuerId}`)
  await tx.change(sql`delete from party.learner where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from party.api_key where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from party.member where issuer_id = ${issuerId}`)
  await tx.change(sql`delete from party.issuer where id = ${issuerId}`)
}
