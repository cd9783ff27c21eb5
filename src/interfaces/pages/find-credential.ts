/** The credential at an address, for whoever may open it; for everybody else it does not exist, whether or not it does. */
import { z } from 'zod'
import { credentialByPublicId, type Credential } from '#journey/credential'
import { messagesByToken, type Message } from '#journey/nudge'
import { fault, rolesFor, type Who } from '#interfaces/http'
import type { Tx } from '#platform/db'

export const publicId = z.string().regex(/^[A-Za-z0-9_-]{22}$/)

export interface Found {
  readonly credential: Credential
  readonly isOwner: boolean
  /** The mailed message by whose link it was opened, when it is about this credential. */
  readonly message: Message | undefined
}

/** Days for which the link of a mail opens a page that is private. */
const mailedLinkDays = 30

export async function findCredential(tx: Tx, id: string, who: Who, mailToken?: string): Promise<Found> {
  const credential = await credentialByPublicId(tx, id)
  if (!credential || (!credential.signedAt && !credential.withdrawnAt)) throw fault.nothing_here()
  const isOwner = who.learners.some((one) => one.id === credential.learnerId)
  const message = mailToken === undefined ? undefined : (await messagesByToken(tx, [mailToken])).get(mailToken)
  const mailed = message !== undefined && message.credentialId === credential.id && message.at !== undefined && tx.now.getTime() - message.at.getTime() < mailedLinkDays * 86_400_000
  const staff = rolesFor(who, credential.issuerId).some((role) => role === 'staff' || role === 'owner')
  if (!isOwner && !mailed && !staff && credential.visibility === 'private' && !credential.withdrawnAt) throw fault.nothing_here()
  return { credential, isOwner, message: mailed ? message : undefined }
}

/** As `findCredential`, for what only the learner may do. */
export async function findOwnCredential(tx: Tx, id: string, who: Who): Promise<Credential> {
  const { credential, isOwner } = await findCredential(tx, id, who)
  if (!isOwner || credential.withdrawnAt) throw fault.nothing_here()
  return credential
}
