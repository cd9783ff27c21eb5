import type { Tx } from '#platform/db'
import { changeStatus } from './change-status.ts'

/** Revokes credentials for good, all of them or none. @throws as `changeStatus` */
export async function revokeCredentials(tx: Tx, input: { readonly credentialIds: readonly string[]; readonly reason: string; readonly byWhom: string }): Promise<void> {
  await changeStatus(tx, { ...input, change: 'revoke' })
}
