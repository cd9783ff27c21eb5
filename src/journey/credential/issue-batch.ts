/**
 * Signing many credentials of one achievement into a file, at nearly the speed of the signature: nothing is stored, so they have no page, no place in a status list and cannot be
 * revoked. For archives, for wallets, and for whoever keeps the record elsewhere.
 *
 * Rows of one kind (the same fields given) share a skeleton: the first of a kind is built and linted as a whole, and the others differ from it in texts only that were each judged when
 * their row was read. Rows with parts of their own (evidence, results) are built and linted one by one.
 */
import { buildAchievementCredential, contextFor, hashedIdentity, namedIdentity, type Achievement as OpenBadgeAchievement, type JsonObject, type Profile } from '#kernel/openbadge'
import { bulkSigner, encodeMultikey, skeletonOf, type Batch, type BulkSigner, type Filled, type KeyPair, type Skeleton } from '#kernel/proof'
import type { Achievement } from '#journey/completion'
import type { Issuer } from '#journey/party'
import type { Tx } from '#platform/db'
import type { Ids } from '#platform/id'
import type { World } from '#platform/world'
import type { BatchRow } from './batch-row.ts'
import { asOpenBadge, issuerProfile, refuseUnfit, toSecond, uniform } from './issue.ts'
import { issuerMethod } from './issuer-did.ts'
import { openKey } from './key.ts'

export interface BatchIssuer {
  /**
   * Signs rows, in their order, and hands over each credential as one line of JSON.
   *
   * @throws Fault `credential.not_fit` with the `index` of the row that is not fit; what was handed over before has to be thrown away
   */
  issue(rows: readonly BatchRow[], take: (json: string) => void, batch?: Batch): Promise<void>
  readonly counts: BulkSigner['counts']
}

/** @throws Fault `credential.no_key`, `credential.key_differs`, `secret.not_ours` */
export async function openBatchIssuer(tx: Tx, needs: Pick<World, 'secrets' | 'config' | 'clock' | 'ids'>, issuer: Issuer, achievement: Achievement): Promise<BatchIssuer> {
  const { pair } = await openKey(tx, needs.secrets, issuer)
  return batchIssuer({ pair, method: issuerMethod(needs.config, issuer, encodeMultikey(pair.publicKey)).method, profile: issuerProfile(needs.config, issuer, pair), achievement: asOpenBadge(achievement, issuer, needs), ids: needs.ids, at: needs.clock.now() })
}

export interface BatchParts {
  readonly pair: KeyPair
  readonly method: string
  readonly profile: Profile
  readonly achievement: OpenBadgeAchievement
  readonly ids: Ids
  /** The date of every proof. */
  readonly at: Date
}

const slots = ['/id', '/validFrom', '/validUntil', '/credentialSubject/id', '/credentialSubject/identifier/*/identityHash', '/credentialSubject/identifier/*/salt']

export function batchIssuer({ pair, method, profile, achievement, ids, at }: BatchParts): BatchIssuer {
  const signer = bulkSigner({ signer: pair, verificationMethod: method, contexts: contextFor, varying: slots, chance: () => uniform(ids.bytes(4)) })
  const created = toSecond(at)
  const kinds = new Map<string, Kind>()
  let last: Kind | undefined

  const documentOf = (row: BatchRow): JsonObject => {
    const { learnerId, name, email } = row
    const identifier = [...(name === undefined ? [] : [namedIdentity(name)]), ...(email === undefined ? [] : [hashedIdentity('emailAddress', email, ids.token())])]
    return buildAchievementCredential({
      ...row.more,
      id: row.id ?? `urn:uuid:${ids.uuid(at)}`,
      issuer: profile,
      achievement,
      subject: { ...(learnerId === undefined ? {} : { id: learnerId }), ...(identifier.length === 0 ? {} : { identifier }) },
      validFrom: row.validFrom,
      ...(row.validUntil === undefined ? {} : { validUntil: row.validUntil }),
    })
  }

  const fitting = (row: BatchRow, index: number): JsonObject => {
    const document = documentOf(row)
    refuseUnfit(document, index)
    return document
  }

  const itemOf = (row: BatchRow, index: number): JsonObject | Filled => {
    if (row.more !== undefined) return fitting(row, index)
    if (last === undefined || !last.takes(row)) {
      const name = kindOf(row)
      last = kinds.get(name) ?? kindLike(fitting(row, index), row)
      kinds.set(name, last)
    }
    return { skeleton: last.skeleton, values: last.valuesOf(row, ids, at) }
  }

  return Object.freeze({
    counts: signer.counts,
    async issue(rows: readonly BatchRow[], take: (json: string) => void, batch?: Batch) {
      await signer.signEach(items(rows, itemOf), created, ({ json }) => take(json), batch)
    },
  })
}

function* items(rows: readonly BatchRow[], itemOf: (row: BatchRow, index: number) => JsonObject | Filled): Generator<JsonObject | Filled> {
  for (let index = 0; index < rows.length; index++) yield itemOf(rows[index] as BatchRow, index)
}

/** Rows that give the same fields, and how their texts go into the slots of the skeleton that they share. */
interface Kind {
  readonly skeleton: Skeleton
  takes(row: BatchRow): boolean
  valuesOf(row: BatchRow, ids: Ids, at: Date): string[]
}

const kindOf = ({ learnerId, name, email, validUntil }: BatchRow): string => [learnerId, name, email, validUntil].map((one) => (one === undefined ? '-' : 'x')).join('')

function kindLike(document: JsonObject, { learnerId, name, email, validUntil }: BatchRow): Kind {
  const skeleton = skeletonOf(document, slots)
  const hasId = learnerId !== undefined
  const hasName = name !== undefined
  const hasEmail = email !== undefined
  const ends = validUntil !== undefined
  // In the order in which the document has them; what a builder change would move shows here at once.
  const wanted = ['/id', '/validFrom', ...(ends ? ['/validUntil'] : []), ...(hasId ? ['/credentialSubject/id'] : []), ...(hasName ? ['/credentialSubject/identifier/0/identityHash'] : []), ...(hasEmail ? [`/credentialSubject/identifier/${hasName ? 1 : 0}/identityHash`, `/credentialSubject/identifier/${hasName ? 1 : 0}/salt`] : [])]
  if (wanted.join() !== skeleton.pointers.join()) throw new TypeError(`the slots of a credential are ${skeleton.pointers.join()}, not ${wanted.join()}`)
  return {
    skeleton,
    takes: (row) => (row.learnerId !== undefined) === hasId && (row.name !== undefined) === hasName && (row.email !== undefined) === hasEmail && (row.validUntil !== undefined) === ends,
    valuesOf(row, ids, at) {
      const values = [row.id ?? `urn:uuid:${ids.uuid(at)}`, row.validFrom]
      if (row.validUntil !== undefined) values.push(row.validUntil)
      if (row.learnerId !== undefined) values.push(row.learnerId)
      if (row.name !== undefined) values.push(row.name)
      if (row.email !== undefined) {
        const { identityHash, salt } = hashedIdentity('emailAddress', row.email, ids.token())
        values.push(identityHash, salt as string)
      }
      return values
    },
  }
}
