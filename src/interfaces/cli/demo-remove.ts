import { removeCompletions } from '#journey/completion'
import { removeCredentials } from '#journey/credential'
import { latestRun, removeEstimates } from '#journey/estimate'
import { experimentsOf, removeExperiments } from '#journey/experiment'
import { removeNudges } from '#journey/nudge'
import { removeOutcomes } from '#journey/outcome'
import { apiKeysOf, demoIssuers, removeParties } from '#journey/party'
import { removePolicies } from '#journey/policy'
import { removePlacements } from '#journey/share'
import { removeViews } from '#journey/view'
import { credentialIdsOf } from '#journey/credential'
import type { Tx } from '#platform/db'
import { asJson, type Command } from './command.ts'
import { withInstallation } from './settings.ts'

export const demoRemove: Command = {
  positionals: '',
  options: asJson,
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const removed = await world.db.transaction(removeDemo)
      if (call.flag('json')) context.out(JSON.stringify({ removed }))
      else context.out(removed.length === 0 ? 'There is no demonstration here.' : `Removed: ${removed.join(', ')}.`)
      return 0
    })
  },
}

/** Removes the demonstration's issuers with all that belongs to them, room by room against the stream; gives their names. */
export async function removeDemo(tx: Tx): Promise<readonly string[]> {
  const issuers = await demoIssuers(tx)
  for (const issuer of issuers) {
    const experimentIds = (await experimentsOf(tx, issuer.id)).map((experiment) => experiment.id)
    const credentialIds = await credentialIdsOf(tx, issuer.id)
    await removePolicies(tx, experimentIds)
    await removeEstimates(tx, experimentIds)
    await removeOutcomes(tx, issuer.id)
    await removeViews(tx, credentialIds)
    await removePlacements(tx, credentialIds)
    await removeNudges(tx, issuer.id)
    await removeExperiments(tx, issuer.id)
    await removeCredentials(tx, issuer.id)
    await removeCompletions(tx, issuer.id, (await apiKeysOf(tx, issuer.id)).map((key) => key.id))
    await removeParties(tx, issuer.id)
  }
  return issuers.map((issuer) => issuer.name)
}

/** Whether loading the demonstration was cut short: it ends with an estimate. */
export async function isDemoUnfinished(tx: Tx): Promise<boolean> {
  for (const issuer of await demoIssuers(tx)) {
    const [experiment] = await experimentsOf(tx, issuer.id)
    if (!experiment || !(await latestRun(tx, experiment.id))) return true
  }
  return false
}
