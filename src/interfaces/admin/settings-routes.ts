import { z } from 'zod'
import { isFault } from '#kernel/fault'
import { chooseIssuerLogo, chooseIssuerLook, type Issuer } from '#journey/party'
import { formBody, page, rates, redirect, route, uploadBody, type Route } from '#interfaces/http'
import { logoOf, makeLogo } from '#interfaces/look'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { settingsPage, type SettingsView } from './settings-page.ts'

function viewOf(issuer: Issuer, site: string): SettingsView {
  const shown = logoOf(issuer)
  return {
    address: deskAddress(issuer, 'settings'),
    directory: issuer.directory === true,
    directoryAddress: `${site}/i/${issuer.handle}/directory`,
    ...(issuer.colour === undefined ? {} : { colour: issuer.colour }),
    logo: { address: deskAddress(issuer, 'settings', '/logo'), removeAddress: deskAddress(issuer, 'settings', '/logo/remove'), ...(shown === undefined ? {} : { shown }) },
  }
}

export const settingsRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/admin/:issuer/settings',
    summary: 'What the issuer’s public pages are like.',
    roles: mayEnter.settings,
    issuer: 'path',
    rate: rates.pages,
    params: z.strictObject({}),
    handler: async (asked) => page(settingsPage(viewOf(asked.issuer, asked.world.config.publicUrl), deskChrome(asked, asked.issuer, 'settings'))),
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/settings',
    summary: 'Chooses the directory and the colour.',
    roles: mayEnter.settings,
    issuer: 'path',
    csrf: 'form',
    audit: 'issuer.settings',
    rate: rates.pages,
    params: z.strictObject({}),
    body: formBody(z.strictObject({ directory: z.literal('yes').optional(), colour: z.string().trim().max(40) })),
    async handler(asked) {
      const { issuer, input, change, world } = asked
      const colour = input.body.colour === '' ? undefined : input.body.colour.toLowerCase()
      const directory = input.body.directory === 'yes'
      if (colour !== undefined && !/^#[0-9a-f]{6}$/.test(colour)) {
        return page(settingsPage({ ...viewOf(issuer, world.config.publicUrl), directory, colour, fault: 'This is not a colour: write # and six digits of 0 to 9 and a to f, such as #1e5540.' }, deskChrome(asked, issuer, 'settings')), { status: 422 })
      }
      await change((tx) => chooseIssuerLook(tx, { issuerId: issuer.id, directory, colour }), () => ({ subject: issuer.id, issuerId: issuer.id, before: { directory: issuer.directory === true, colour: issuer.colour }, after: { directory, colour } }))
      return redirect(deskAddress(issuer, 'settings'))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/settings/logo',
    summary: 'Takes a picture to stand beside the issuer’s name.',
    roles: mayEnter.settings,
    issuer: 'path',
    csrf: 'form',
    audit: 'issuer.logo',
    rate: rates.pages,
    params: z.strictObject({}),
    // Other kinds are read too, up to what is read of any form, so that the page can say what is wrong.
    body: uploadBody(z.strictObject({}), { mediaTypes: ['image/png', 'image/svg+xml', 'image/jpeg', 'image/gif', 'image/webp', 'application/octet-stream'] }),
    async handler(asked) {
      const { issuer, input, change, world } = asked
      let logo: Awaited<ReturnType<typeof makeLogo>>
      try {
        logo = await makeLogo((await input.body.file?.readAll()) ?? new Uint8Array())
      } catch (error) {
        if (!isFault(error) || !error.code.startsWith('logo.')) throw error
        const view = viewOf(issuer, world.config.publicUrl)
        return page(settingsPage({ ...view, logo: { ...view.logo, fault: error.message } }, deskChrome(asked, issuer, 'settings')), { status: 422 })
      }
      await change((tx) => chooseIssuerLogo(tx, { issuerId: issuer.id, logo }), () => ({ subject: issuer.id, issuerId: issuer.id, before: issuer.logo?.key, after: `${logo.width} by ${logo.height}` }))
      return redirect(deskAddress(issuer, 'settings'))
    },
  }),
  route({
    method: 'POST',
    path: '/admin/:issuer/settings/logo/remove',
    summary: 'Takes the picture beside the issuer’s name away.',
    roles: mayEnter.settings,
    issuer: 'path',
    csrf: 'form',
    audit: 'issuer.logo',
    rate: rates.pages,
    params: z.strictObject({}),
    async handler({ issuer, change }) {
      await change((tx) => chooseIssuerLogo(tx, { issuerId: issuer.id, logo: undefined }), () => ({ subject: issuer.id, issuerId: issuer.id, before: issuer.logo?.key }))
      return redirect(deskAddress(issuer, 'settings'))
    },
  }),
]
