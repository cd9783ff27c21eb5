/** From a message that is due to the letter that the learner reads, in the learner's language. The rooms decide that and when; this says it. */
import type { Compose, ToCompose } from '#journey/nudge'
import { awardMail, shareMail } from './mail/credential-mail.ts'

/** The fields of LinkedIn's form that every credential fills: name, organization, date, number, address. */
const fieldsToCopy = 5

const textAt = (document: Readonly<Record<string, unknown>>, name: string): string | undefined => {
  const value = document[name]
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const composeLetter: Compose = (what: ToCompose) => {
  const { learner, credential, issuer, achievement } = what
  const language = textAt(achievement.document, 'inLanguage')
  const view = {
    language: learner.locale,
    learnerName: learner.name,
    achievement: { name: textAt(achievement.document, 'name') ?? achievement.handle, ...(language === undefined ? {} : { language }) },
    issuerName: issuer.name,
    issuedAt: credential.validFrom,
    address: what.address,
    unsubscribeAddress: what.unsubscribeAddress,
    demo: issuer.demo,
    ...(issuer.colour === undefined ? {} : { colour: issuer.colour }),
    private: credential.visibility === 'private',
  }
  switch (what.step) {
    case 'award': return awardMail(view)
    case 'share-1': return shareMail({ ...view, shareAddress: what.shareAddress, step: 1, fields: fieldsToCopy })
    case 'share-2': return shareMail({ ...view, shareAddress: what.shareAddress, step: 2, fields: fieldsToCopy })
  }
}
