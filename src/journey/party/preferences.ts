import type { Tx } from '#platform/db'
import { fault } from './faults.ts'
import type { Learner } from './party.ts'
import { choosePreferences } from './store.ts'

/**
 * The language, the time zone and the hours for reminders that a person chose, for each learner that they are. What is left out stays as it is; what was chosen
 * outweighs what the provider says, now and with the next completion.
 *
 * @throws Fault `party.unknown_language`, `party.unknown_time_zone`, `party.hours_reversed`
 */
export async function updatePreferences(tx: Tx, chosen: { readonly learnerIds: readonly string[]; readonly locale?: string | undefined; readonly timeZone?: string | undefined; readonly waking?: Learner['waking'] | undefined }): Promise<void> {
  const { learnerIds, locale, timeZone, waking } = chosen
  if (waking && !(waking.from >= 0 && waking.from < waking.to && waking.to <= 1440)) throw fault.hours_reversed()
  await choosePreferences(tx, learnerIds, {
    locale: locale === undefined ? undefined : canonical(locale),
    timeZone: timeZone === undefined ? undefined : known(timeZone),
    waking,
  })
}

function canonical(locale: string): string {
  try {
    const [tag] = Intl.getCanonicalLocales(locale)
    if (tag !== undefined) return tag
  } catch (error) {
    throw fault.unknown_language({ given: locale.slice(0, 40) }, { cause: error })
  }
  throw fault.unknown_language({ given: locale.slice(0, 40) })
}

function known(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch (error) {
    throw fault.unknown_time_zone({ given: timeZone.slice(0, 40) }, { cause: error })
  }
}
