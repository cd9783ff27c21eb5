/** Is this credential real? For anybody, without an account; nothing of what is given is kept. */
import { z } from 'zod'
import { isFault } from '#kernel/fault'
import { unbake } from '#kernel/openbadge'
import { publicIdIn, verifyStranger } from '#journey/credential'
import { page, rates, route, uploadBody, type Route, type Who } from '#interfaces/http'
import { wordsOf } from '#interfaces/look'
import type { Tx } from '#platform/db'
import { findCredential } from './find-credential.ts'
import { noteVerifications } from './note-verifications.ts'
import { isPhoto, readPicture } from './read-picture.ts'
import { verifyPage } from './verify-page.ts'

const address = '/verify'
const largestBytes = 1_000_000 // what the kernel reads at the most
const empty = { address, listAddress: '/verify/list', largestBytes }

export const verifyRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: address,
    camera: true,
    summary: 'The form that takes a credential as a file or as text.',
    roles: ['anonymous'],
    rate: { none: 'A page without a question to the database.' },
    handler: async ({ chrome }) => page(verifyPage({ ...empty }, chrome())),
  }),
  route({
    method: 'POST',
    path: address,
    camera: true,
    summary: 'Verifies a credential and shows what was checked.',
    roles: ['anonymous'],
    csrf: 'form',
    audit: { none: 'Nothing that is given is kept; that a credential of ours was verified is a look, in a log of its own.' },
    rate: rates.verify,
    body: uploadBody(z.strictObject({ text: z.string().max(largestBytes).optional() }), { mediaTypes: ['application/octet-stream', 'application/json', 'application/vc', 'application/jwt', 'application/pdf', 'text/plain', 'image/png', 'image/svg+xml', 'image/jpeg', 'image/webp', 'image/gif', 'image/heic', 'image/avif'], limit: largestBytes + 100_000 }),
    async handler({ input, world, who, request, chrome }) {
      const uploaded = await input.body.file?.readAll()
      const coded = await codeIn(uploaded)
      const text = coded ?? input.body.fields.text?.trim() ?? ''
      const again = (fault: string) => page(verifyPage({ ...empty, ...(text === '' ? {} : { text }), fault }, chrome()), { status: 422 })
      if (uploaded && isPhoto(uploaded)) return again('picture')
      const pasted = isOwn(text, world.config.publicUrl) ? await world.db.read((tx) => credentialAt(tx, text, who)) : text
      if (pasted === undefined) return again(wordsOf(request.language).text('error.404_why'))
      const given = uploaded !== undefined && uploaded.length > 0 && coded === undefined ? uploaded : pasted
      if (given.length === 0) return again('empty')
      // Whoever presses the button asks: keys and status of other issuers are fetched, through the guarded fetcher.
      const report = await verifyStranger(world, given, { online: true })
      const [publicId] = report.facts === undefined ? [] : await noteVerifications(world, who, request, [report.facts])
      const pageAddress = publicId === undefined ? undefined : `/c/${publicId}`
      return page(verifyPage({ ...empty, ...(text === '' ? {} : { text }), result: { ...report, ...(pageAddress === undefined ? {} : { pageAddress }) } }, chrome()))
    },
  }),
]

/** The address that a code in a picture leads to, where the picture itself carries no credential. */
async function codeIn(uploaded: Uint8Array | undefined): Promise<string | undefined> {
  const carried = uploaded && unbake(uploaded)
  if (!carried || carried.ok || carried.code !== 'png_no_credential') return undefined
  const text = (await readPicture(uploaded))?.trim()
  return text !== undefined && /^https?:\/\/\S{1,2000}$/i.test(text) ? text : undefined
}

const isOwn = (text: string, site: string): boolean => /^https?:\/\/\S+$/i.test(text) && URL.parse(text)?.origin === new URL(site).origin

/** The document of a credential of ours, by the address of its page or of its file; undefined for any other address of this site, and where the asker may not see it. */
async function credentialAt(tx: Tx, given: string, who: Who): Promise<string | undefined> {
  const id = publicIdIn(new URL(given).pathname)
  if (id === undefined) return undefined
  try {
    return (await findCredential(tx, id, who)).credential.signed
  } catch (error) {
    if (isFault(error) && error.kind === 'not_found') return undefined
    throw error
  }
}
