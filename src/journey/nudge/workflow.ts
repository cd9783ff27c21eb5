/**
 * The workflows, as data: who walks one gets these steps, and no code knows a step by its name.
 *
 * The award mail says that a credential is there. Both arms get it alike, it is not a nudge, and it goes out at once like a receipt, at any
 * hour. The nudges are two at most (Athey and Palikot 2024, section 3.1): the second only if the first was not followed, and neither after
 * the learner shared or said no. In-app prompts appear in a page that the learner opened, so quiet hours do not hold them; mails they do.
 */
import { waking, type Hours } from './hours.ts'

export type StepName = 'award' | 'share-1' | 'share-2'
export type Channel = 'in_app' | 'e_mail'

export interface Step {
  readonly name: StepName
  readonly channel: Channel
  /** Asks for the consent to nudges, counts towards the caps, and is a ghost in the control arm. */
  readonly nudge: boolean
  /** The step that this one follows once it reached the learner; none: it begins with the run. */
  readonly after?: StepName
  readonly due: { readonly at: 'once' } | { readonly at: 'visit' } | { readonly at: 'day'; readonly days: number; readonly hours: Hours }
  /** A message that is this late by our own fault (server or mail server down) is dropped: what was missed does not come in a burst. */
  readonly tooLateAfterHours?: number
}

export interface Workflow {
  readonly name: string
  readonly steps: readonly Step[]
}

// Late news of a credential is still news for a week; a reminder belongs to its day (research notes on reliability, B7).
const award: Step = { name: 'award', channel: 'e_mail', nudge: false, due: { at: 'once' }, tooLateAfterHours: 7 * 24 }
const late = 24

/** Reminders come when people look at their profession, not at their evening (research notes on experiments, 2.4). */
const officeHours: Hours = { from: Math.max(9 * 60, waking.from), to: Math.min(18 * 60, waking.to) }

/** What an arm of an experiment may walk, by name. */
export const workflows: Readonly<Record<string, Workflow>> = Object.freeze({
  'share.in_app': {
    name: 'share.in_app',
    steps: [award, { name: 'share-1', channel: 'in_app', nudge: true, due: { at: 'visit' } }, { name: 'share-2', channel: 'in_app', nudge: true, after: 'share-1', due: { at: 'visit' } }],
  },
  'share.e_mail': {
    name: 'share.e_mail',
    steps: [
      award,
      { name: 'share-1', channel: 'e_mail', nudge: true, due: { at: 'day', days: 1, hours: officeHours }, tooLateAfterHours: late },
      { name: 'share-2', channel: 'e_mail', nudge: true, after: 'share-1', due: { at: 'day', days: 7, hours: officeHours }, tooLateAfterHours: late },
    ],
  },
})

/** For learners whom no experiment covers and who agreed to nudges. */
export const defaultWorkflow = 'share.in_app'

/** For learners who did not: that the credential is there, and nothing more. */
const notice: Workflow = { name: 'notice', steps: [award] }
export const noticeWorkflow = notice.name

export const workflowNamed = (name: string): Workflow | undefined => (name === notice.name ? notice : Object.hasOwn(workflows, name) ? workflows[name] : undefined)

/** A nudge counts for this many days of the learner's calendar, over all credentials, and so many may count at once. */
export const cap = Object.freeze({ nudges: 2, days: 14 })
