/** What several commands need first: the settings, the installation, the issuer. */
import { allIssuers, issuerByHandle, type Issuer } from '#journey/party'
import type { Config } from '#platform/config'
import type { World } from '#platform/world'
import type { Call, CliContext, ExitCode, Installation } from './command.ts'
import { fault } from './faults.ts'

export function configOf(call: Call, context: CliContext, options: { readonly demo?: boolean } = {}): Config {
  return context.config({ port: call.text('port'), data: call.text('data'), publicUrl: call.text('public-url'), demo: options.demo })
}

/** Opens the installation for as long as `work` takes. */
export async function withInstallation(call: Call, context: CliContext, work: (installation: Installation) => Promise<ExitCode>): Promise<ExitCode> {
  const installation = await context.open(configOf(call, context))
  try {
    return await work(installation)
  } finally {
    await installation.close()
  }
}

/** The issuer that --issuer names, or the only one there is. @throws Fault `cli.many_issuers`, `cli.no_issuer` */
export async function issuerFor(world: World, handle: string | undefined): Promise<Issuer> {
  const found = await issuerIfAny(world, handle)
  if (!found) throw fault.no_issuer()
  return found
}

export async function issuerIfAny(world: World, handle: string | undefined): Promise<Issuer | undefined> {
  return await world.db.read(async (tx) => {
    if (handle !== undefined) {
      const named = await issuerByHandle(tx, handle)
      if (!named) throw fault.no_issuer()
      return named
    }
    const real = (await allIssuers(tx)).filter((issuer) => !issuer.demo)
    if (real.length > 1) throw fault.many_issuers({ handles: real.map((issuer) => issuer.handle).join(', ') })
    return real[0]
  })
}

export const issuerOption = { issuer: { type: 'string', value: 'HANDLE', help: 'which issuer, where there are several' } } as const

export function wholeNumber(call: Call, option: string, otherwise: number, least: number, most: number): number {
  const given = call.text(option)
  if (given === undefined) return otherwise
  const number = Number(given)
  if (!/^\d+$/.test(given) || number < least || number > most) throw fault.bad_number({ option, given, wanted: `a whole number from ${least} to ${most}` })
  return number
}
