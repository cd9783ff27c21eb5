/** What all pages of the desk need: whose desk it is, who sits there, and where they may go. */
import type { Issuer } from '#journey/party'
import { rolesFor, startAddress, type Asked } from '#interfaces/http'
import type { DeskChrome, Place } from '#interfaces/look'

/** Who may enter each place. An analyst sees outcomes without identities. */
export const mayEnter = {
  overview: ['owner', 'staff', 'analyst'],
  learners: ['owner', 'staff', 'analyst'],
  completions: ['owner', 'staff'],
  credentials: ['owner', 'staff'],
  shares: ['owner', 'staff', 'analyst'],
  experiments: ['owner', 'staff', 'analyst'],
  reports: ['owner', 'staff', 'analyst'],
  policies: ['owner', 'staff', 'analyst'],
  settings: ['owner', 'staff'],
  keys: ['owner'],
  mail: ['owner'],
} as const satisfies Readonly<Record<Place, readonly ('owner' | 'staff' | 'analyst')[]>>

export const deskAddress = (issuer: Pick<Issuer, 'handle'>, place: Place, more = '') => (place === 'mail' ? `/dev/mail${more}` : `/admin/${issuer.handle}${place === 'overview' ? '' : `/${place}`}${more}`)

export function deskChrome(asked: Pick<Asked<unknown, Issuer>, 'who' | 'chrome' | 'world'>, issuer: Issuer, here: Place): DeskChrome {
  const { who, chrome, world } = asked
  const held = rolesFor(who, issuer.id)
  const role = held.includes('owner') ? 'owner' : held.includes('staff') ? 'staff' : 'analyst'
  const places = (Object.keys(mayEnter) as Place[]).filter((place) => (mayEnter[place] as readonly string[]).includes(role) && (place !== 'mail' || world.config.smtpUrl === undefined))
  return {
    ...chrome(),
    issuer: issuer.name,
    person: who.person?.email === startAddress ? 'Signed in by the start link' : (who.person?.email ?? ''),
    role,
    here,
    navigation: places.map((place) => ({ place, address: deskAddress(issuer, place) })),
    signOutAddress: '/sign-out',
    timeZone: issuer.timeZone,
  }
}
