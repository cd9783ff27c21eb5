/** Where things are for the outside: these addresses go into signed documents, so they are decided once. */
import type { Achievement } from '#journey/completion'
import type { Issuer } from '#journey/party'

type Site = { readonly publicUrl: string }

export const credentialAddress = (site: Site, publicId: string) => `${site.publicUrl}/c/${publicId}`
export const issuerAddress = (site: Site, issuer: Pick<Issuer, 'handle'>) => `${site.publicUrl}/i/${issuer.handle}`
export const achievementAddress = (site: Site, issuer: Pick<Issuer, 'handle'>, achievement: Pick<Achievement, 'handle'>) => `${issuerAddress(site, issuer)}/a/${encodeURIComponent(achievement.handle)}`
export const statusListAddress = (site: Site, statusListId: string) => `${site.publicUrl}/status/${statusListId}`

/** The public id in the path of a credential's page or of its file; undefined for any other path. */
export const publicIdIn = (path: string): string | undefined => /^\/c\/([A-Za-z0-9_-]{22})(?:\.json)?$/.exec(path)?.[1]
