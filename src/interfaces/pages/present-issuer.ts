/** From an issuer, or an achievement, to what its page shows. */
import { achievementsOf, type Achievement } from '#journey/completion'
import { achievementAddress, countCredentials, issuerDid, keysOf, type CredentialCount } from '#journey/credential'
import { issuerByHandle, type Issuer } from '#journey/party'
import { logoOf } from '#interfaces/look'
import type { Tx } from '#platform/db'
import type { AchievementView } from './achievement-page.ts'
import type { IssuerView } from './issuer-page.ts'
import { textIn } from './present-credential.ts'

type Site = { readonly publicUrl: string }
type Fields = Readonly<Record<string, unknown>>

export interface FoundAchievement {
  readonly issuer: Issuer
  readonly achievement: Achievement
  /** Open Badges 3.0 Achievement, under the address that it has here. */
  readonly document: Fields & { readonly id: string }
}

export async function presentIssuer(tx: Tx, site: Site, handle: string): Promise<IssuerView | undefined> {
  const issuer = await issuerByHandle(tx, handle)
  if (!issuer) return undefined
  const keys = await keysOf(tx, issuer.id)
  const inUse = keys.findLast((one) => one.retiredAt === undefined) ?? keys.at(-1)
  const did = inUse && issuerDid(site, issuer, inUse.publicMultibase)
  const { signed, revoked } = await countCredentials(tx, issuer.id)
  return {
    name: issuer.name,
    ...(issuer.url === undefined ? {} : { website: issuer.url }),
    address: `${site.publicUrl}/i/${issuer.handle}`,
    achievements: (await achievementsOf(tx, issuer.id)).map((one) => ({
      name: textIn(one.document, 'name') ?? one.handle,
      description: textIn(one.document, 'description') ?? '',
      ...said('language', textIn(one.document, 'inLanguage')),
      ...said('type', textIn(one.document, 'achievementType')),
      address: new URL(achievementAddress(site, issuer, one)).pathname,
    })),
    signed,
    revoked,
    ...said('colour', issuer.colour),
    ...said('logo', logoOf(issuer)),
    ...(issuer.directory === true ? { directoryAddress: `/i/${issuer.handle}/directory` } : {}),
    ...(did === undefined ? {} : { did }),
    ...(did?.startsWith('did:web:') ? { documentAddress: `/i/${issuer.handle}/did.json` } : {}),
    keys: keys.toReversed().map((one) => ({
      publicMultibase: one.publicMultibase,
      createdAt: one.createdAt,
      ...said('retiredAt', one.retiredAt),
      ...said('compromisedAt', one.compromisedAt),
    })),
  }
}

export function presentAchievement({ issuer, achievement, document }: FoundAchievement, { signed, revoked }: CredentialCount): AchievementView {
  const criteria = fieldsIn(document['criteria'])
  return {
    name: textIn(document, 'name') ?? achievement.handle,
    description: textIn(document, 'description') ?? '',
    ...said('criteria', textIn(criteria, 'narrative')),
    ...said('criteriaAddress', textIn(criteria, 'id')),
    ...said('language', textIn(document, 'inLanguage')),
    ...said('type', textIn(document, 'achievementType')),
    skills: listIn(document['alignment']).map((one) => ({
      name: textIn(one, 'targetName') ?? '',
      ...said('description', textIn(one, 'targetDescription')),
      ...said('framework', textIn(one, 'targetFramework')),
      ...said('address', textIn(one, 'targetUrl')),
    })),
    ...said('colour', issuer.colour),
    issuer: { name: issuer.name, address: `/i/${issuer.handle}` },
    signed,
    revoked,
    address: document.id,
    dataAddress: `${new URL(document.id).pathname}/achievement.json`,
  }
}

/** A field that is left out where there is nothing to say. */
const said = <Name extends string, T>(name: Name, value: T | undefined): { readonly [K in Name]?: T } => (value === undefined ? {} : ({ [name]: value } as { [K in Name]: T }))

const fieldsIn = (value: unknown): Fields => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {})
const listIn = (value: unknown): readonly Fields[] => (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(fieldsIn)
