import { z } from 'zod'
import { chooseIssuerLook, type Issuer } from '#journey/party'
import { formBody, page, rates, redirect, route, type Route } from '#interfaces/http'
import { deskAddress, deskChrome, mayEnter } from './desk.ts'
import { settingsPage, type SettingsView } from './settings-page.ts'

const viewOf = (issuer: Issuer, site: string): SettingsView => ({ address: deskAddress(issuer, 'settings'), directory: issuer.directory === true, directoryAddress: `${site}/i/${issuer.handle}/directory`, ...(issuer.colour === undefined ? {} : { colour: issuer.colour }) })

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
]
