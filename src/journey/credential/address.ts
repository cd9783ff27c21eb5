/** Where things are for the outside: these addresses go into signed documents, so they are decided once. */
import type { Achievement } from '#journey/completion'
import type { Issuer } from '#journey/party'

type Site = { readonly publicUrl: string }

export const credentialAddress = (site: Site, publicId: string) => `${site.publicUrl}/c/${publicId}`
export const issuerAddress = (site: Site, issuer: Pick<Issuer, 'handle'>) => `${site.publicUrl}/i/${issuer.handle}`
export const achievementAddress = (site: Site, issuer: Pick<Issuer, 'handle'>, achievement: Pick<Achievement, 'handle'>) => `${issuerAddress(site, issuer)}/a/${encodeURIComponent(achievement.handle)}`
export const statusListAddress = (site: Site, statusListId: string) => `${site.publicUrl}/status/${statusListId}`
