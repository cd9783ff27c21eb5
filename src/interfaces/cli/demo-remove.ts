import { removeCompletions } from '#journey/completion'
import { removeCredentials } from '#journey/credential'
import { removeEstimates } from '#journey/estimate'
import { experimentsOf, removeExperiments } from '#journey/experiment'
import { removeNudges } from '#journey/nudge'
import { removeOutcomes } from '#journey/outcome'
import { apiKeysOf, demoIssuers, removeParties } from '#journey/party'
import { removePolicies } from '#journey/policy'
import { removePlacements } from '#journey/share'
import { removeViews } from '#journey/view'
import { credentialIdsOf } from '#journey/credential'
import { asJson, type Command } from './command.ts'
import { withInstallation } from './settings.ts'

export const demoRemove: Command = {
  name: 'demo remove',
  summary: 'Removes the demonstration and everything that belongs to it.',
  positionals: '',
  options: asJson,
  examples: [],
  async run(call, context) {
    return await withInstallation(call, context, async ({ world }) => {
      const removed = await world.db.transaction(async (tx) => {
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
      })
      if (call.flag('json')) context.out(JSON.stringify({ removed }))
      else context.out(removed.length === 0 ? 'There is no demonstration here.' : `Removed: ${removed.join(', ')}.`)
      return 0
    })
  },
}
