/**
 * How the owner comes in the first time, before any address is known: a link that `npm start` prints, good once and for 15 minutes. Like
 * every link it opens a page with a button; the button opens the session.
 */
import { createHash } from 'node:crypto'
import { addMember } from '#journey/party'
import type { World } from '#platform/world'
import { fault } from './faults.ts'
import { insertStartLink, useStartLink } from './store.ts'

/** The owner's account until there is a real address. No mail can ever arrive there (RFC 2606, `.invalid`), so no link is sent to it. */
export const startAddress = 'owner@start.invalid'

const minutes = 15
const digest = (token: string) => new Uint8Array(createHash('sha256').update(token).digest())

/** Makes a link; what is kept of it is the token's hash. */
export async function ownerLink(world: Pick<World, 'db' | 'ids' | 'config'>): Promise<string> {
  const token = Buffer.from(world.ids.bytes(32)).toString('base64url')
  await world.db.transaction((tx) => insertStartLink(tx, digest(token), new Date(tx.now.getTime() + minutes * 60_000)))
  return `${world.config.publicUrl}/admin?token=${token}`
}

/** Uses a link up, and makes the start address an owner's. @throws Fault `http.link_spent` */
export async function useOwnerLink(world: Pick<World, 'db'>, token: string): Promise<void> {
  await world.db.transaction(async (tx) => {
    if (!(await useStartLink(tx, digest(token)))) throw fault.link_spent()
    await addMember(tx, startAddress, { role: 'owner', issuerId: undefined })
  })
}
