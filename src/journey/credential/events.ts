import { event } from '#platform/queue'

/** Credentials were signed and stored: at most 1,000 of one issuer. */
export const credentialIssued = event<{ readonly issuerId: string; readonly credentialIds: readonly string[] }>('credential.issued')

/** Credentials no longer hold. */
export const credentialRevoked = event<{ readonly credentialIds: readonly string[] }>('credential.revoked')

/** Credentials do not hold until they are reinstated. */
export const credentialSuspended = event<{ readonly credentialIds: readonly string[] }>('credential.suspended')

/** Suspended credentials hold again. */
export const credentialReinstated = event<{ readonly credentialIds: readonly string[] }>('credential.reinstated')
