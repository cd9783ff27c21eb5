/** Cards are made before anybody can ask for them: the first fetch of a network is the one that it keeps. */
import { credentialsById, type Credential } from '#journey/credential'
import { issuerById, issuerLogo } from '#journey/party'
import type { Tx } from '#platform/db'
import type { World } from '#platform/world'
import { cardKey, cardOf, type CardFacts, type CardPrinter } from './card.ts'
import { cardsWanted } from './events.ts'
import { keptCard, keptCardKeys, keepCards, type KeptCard } from './store.ts'

/** To a job: about a second of drawing, so that jobs of other kinds come in between. */
const chunk = 100
/** At once: half of a card is drawn and packed beside the event loop, on as many threads as there are. */
const together = 4
/** To a transaction; while it is written, the next ones are drawn. */
const batch = 20

/** Credentials came, or stand otherwise than before: their cards are wanted, in jobs of their own. */
export async function wantCards(tx: Tx, { credentialIds }: { readonly credentialIds: readonly string[] }): Promise<void> {
  for (let at = 0; at < credentialIds.length; at += chunk) await tx.announce(cardsWanted({ credentialIds: credentialIds.slice(at, at + chunk) }))
}

type Needs = Pick<World, 'db' | 'config'>

interface Due {
  readonly credential: Credential
  readonly card: CardFacts
  readonly key: string
  readonly logo: Uint8Array | undefined
}

/** Draws the cards of credentials that lack theirs. Safe to repeat: what is there is not drawn again. */
export async function makeCards(needs: Needs, { credentialIds }: { readonly credentialIds: readonly string[] }, printer: CardPrinter): Promise<number> {
  const due = await needs.db.read(async (tx) => {
    const credentials = [...(await credentialsById(tx, credentialIds)).values()]
    const issuers = new Map(await Promise.all([...new Set(credentials.map((one) => one.issuerId))].map(async (id) => [id, await issuerById(tx, id)] as const)))
    const logos = new Map(await Promise.all([...issuers].map(async ([id, issuer]) => [id, issuer?.logo && (await issuerLogo(tx, id, issuer.logo.key))] as const)))
    const kept = await keptCardKeys(tx, credentialIds)
    return credentials.flatMap((credential): Due[] => {
      const card = cardOf(credential, issuers.get(credential.issuerId), needs.config, tx.now)
      if (!card) return []
      const key = cardKey(card, printer.version)
      return kept.get(credential.id) === key ? [] : [{ credential, card, key, logo: logos.get(credential.issuerId) }]
    })
  })
  let drawn: KeptCard[] = []
  let keeping: Promise<void> | undefined
  for (let at = 0; at < due.length; at += together) {
    drawn.push(...(await Promise.all(due.slice(at, at + together).map(async (one): Promise<KeptCard> => ({ credentialId: one.credential.id, learnerId: one.credential.learnerId, key: one.key, png: await printer.draw(one.card, one.logo) })))))
    if (drawn.length < batch && at + together < due.length) continue
    await keeping
    const these = drawn
    drawn = []
    keeping = needs.db.transaction((tx) => keepDrawn(tx, these))
    keeping.catch(() => {}) // thrown where it is waited for
  }
  await keeping
  return due.length
}

/** The card as it is now; drawn here and kept where nobody had made it yet. Undefined where the credential has none. */
export async function cardFor(needs: Needs, credential: Credential, printer: CardPrinter): Promise<{ readonly key: string; readonly png: () => Promise<Uint8Array<ArrayBuffer>> } | undefined> {
  const card = await needs.db.read(async (tx) => cardOf(credential, await issuerById(tx, credential.issuerId), needs.config, tx.now))
  if (!card) return undefined
  const key = cardKey(card, printer.version)
  return {
    key,
    async png() {
      const { kept, logo } = await needs.db.read(async (tx) => ({ kept: await keptCard(tx, credential.id), logo: card.logo && (await issuerLogo(tx, credential.issuerId, card.logo.key)) }))
      if (kept?.key === key) return kept.png
      const png = await printer.draw(card, logo)
      await needs.db.transaction((tx) => keepDrawn(tx, [{ credentialId: credential.id, learnerId: credential.learnerId, key, png }]))
      return png
    },
  }
}

/** A learner may have been erased while the card was drawn: then it is not kept. */
async function keepDrawn(tx: Tx, drawn: readonly KeptCard[]): Promise<void> {
  const now = await credentialsById(tx, drawn.map((one) => one.credentialId))
  await keepCards(tx, drawn.filter((one) => now.get(one.credentialId)?.withdrawnAt === undefined && now.get(one.credentialId)?.signed !== undefined))
}
