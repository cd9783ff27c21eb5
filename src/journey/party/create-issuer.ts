import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import type { Issuer } from './party.ts'
import { insertIssuer, issuerByHandle } from './store.ts'

export interface NewIssuer {
  readonly handle: string
  readonly name: string
  readonly url?: string | undefined
  readonly linkedinOrganizationId?: string | undefined
  readonly locale?: string | undefined
  readonly timeZone?: string | undefined
  readonly demo?: boolean
}

/** Adds an issuer. @throws Fault `party.handle_taken` */
export async function createIssuer(tx: Tx, input: NewIssuer): Promise<Issuer> {
  if (await issuerByHandle(tx, input.handle)) throw fault.handle_taken({ handle: input.handle })
  const issuer: Issuer = Object.freeze({
    id: tx.ids.uuid(tx.now),
    handle: input.handle,
    name: input.name,
    url: input.url,
    linkedinOrganizationId: input.linkedinOrganizationId,
    locale: input.locale ?? 'en',
    timeZone: input.timeZone ?? 'UTC',
    demo: input.demo ?? false,
  })
  await insertIssuer(tx, issuer)
  return issuer
}

/** The issuer of that handle, added when it is not there yet. */
export async function createIssuerIfNew(tx: Tx, input: NewIssuer): Promise<Issuer> {
  return (await issuerByHandle(tx, input.handle)) ?? (await createIssuer(tx, input))
}
