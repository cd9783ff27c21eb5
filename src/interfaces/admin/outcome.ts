/** What outcomes, arms and messages are called on the desk. A name that is not here is shown as it is. */
import { html, nothing, sayPoints, sayPointsRange, type Html } from '#interfaces/look'

const outcomes: Readonly<Record<string, { readonly label: string; readonly did: string }>> = {
  shared: { label: 'Shared', did: 'shared their credential' },
  clicked: { label: 'Clicked a share target', did: 'clicked a share target' },
  viewed: { label: 'Viewed by others', did: 'had their page viewed by somebody else' },
  seen: { label: 'Share seen by others', did: 'shared and were seen by somebody else' },
  new_job: { label: 'New job', did: 'started a new job' },
  new_job_in_scope: { label: 'New job in the field', did: 'started a new job in the field of their course' },
}

const spaced = (name: string): string => name.replaceAll('_', ' ')

export const outcomeLabel = (name: string): string => outcomes[name]?.label ?? spaced(name)
/** Ends the sentence "Of every 1,000 learners, about 10 more …". */
export const outcomeDid = (name: string): string => outcomes[name]?.did ?? `reached “${spaced(name)}”`

const subgroups: Readonly<Record<string, string>> = { all: 'All', low: 'Lowest third', middle: 'Middle third', high: 'Highest third' }
/** "baseline_employability:low" is the lowest third. */
export const subgroupLabel = (name: string): string => {
  const [group = '', part = group] = name.split(/[:=]/u)
  return subgroups[part] ?? (part === group ? spaced(name) : `${spaced(group)}: ${spaced(part)}`)
}

const steps: Readonly<Record<string, string>> = { award: 'Award', 'share-1': 'First nudge', 'share-2': 'Second nudge' }
export const stepLabel = (name: string): string => steps[name] ?? name

const channels: Readonly<Record<string, string>> = { in_app: 'in the page', e_mail: 'by mail' }
export const channelLabel = (name: string): string => channels[name] ?? name

/** The effect in points with its interval beneath. */
export const effectCell = (one: { readonly estimate: number; readonly low: number; readonly high: number }): Html =>
  html`<b>${sayPoints(one.estimate, 1)}</b><br><span class="fine">${sayPointsRange(one, 1)}</span>`

export const sealedCell = (reason: string | undefined): Html => (reason === undefined ? nothing : html`<span class="fine">${reason}</span>`)
