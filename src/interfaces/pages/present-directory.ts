/** The credentials of an issuer that are public and hold, with the names of their learners as the provider has them. */
import { achievementsById } from '#journey/completion'
import { publicCredentialsOf } from '#journey/credential'
import { issuerByHandle, learnersById } from '#journey/party'
import type { Tx } from '#platform/db'
import type { DirectoryView } from './directory-page.ts'
import { textIn } from './present-credential.ts'

const pageSize = 50

/** @returns undefined where there is no such issuer, or it wants no directory */
export async function presentDirectory(tx: Tx, site: { readonly publicUrl: string }, handle: string, before: string | undefined): Promise<DirectoryView | undefined> {
  const issuer = await issuerByHandle(tx, handle)
  if (issuer?.directory !== true) return undefined
  const found = await publicCredentialsOf(tx, issuer.id, { before, limit: pageSize + 1 })
  const shown = found.slice(0, pageSize)
  const learners = await learnersById(tx, shown.map((one) => one.learnerId))
  const achievements = await achievementsById(tx, [...new Set(shown.map((one) => one.achievementId))])
  const last = shown.at(-1)
  return {
    issuer: { name: issuer.name, address: `/i/${issuer.handle}`, ...(issuer.colour === undefined ? {} : { colour: issuer.colour }) },
    address: `${site.publicUrl}/i/${issuer.handle}/directory`,
    credentials: shown.map((one) => {
      const document = achievements.get(one.achievementId)?.document ?? {}
      const language = textIn(document, 'inLanguage')
      return { learner: learners.get(one.learnerId)?.name ?? '', achievement: { name: textIn(document, 'name') ?? '', ...(language === undefined ? {} : { language }) }, issuedAt: one.validFrom, address: `/c/${one.publicId}` }
    }),
    ...(found.length > pageSize && last ? { nextAddress: `/i/${issuer.handle}/directory?before=${last.id}` } : {}),
  }
}
