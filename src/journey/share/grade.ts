/**
 * How sure it is that a credential stands where its learner went to put it: one grade a placement, of the strongest evidence that there is.
 * The last two are not evidence of a share: one is an inference, the other a wish.
 *
 *   exported   the network's own export of the learner's profile lists it: a document
 *   told       the learner said so
 *   seen       nobody said so, and a person came by this placement's own link: it stands somewhere, perhaps passed on to another place
 *   fetched    a preview robot of that network fetched the link, as it does when a post is written; the post may have been thrown away. An inference
 *   went       the learner went there, and no more is known
 */
import { targetById } from './targets.ts'

export const grades = ['exported', 'told', 'seen', 'fetched', 'went'] as const
export type Grade = (typeof grades)[number]

/** What can be learned of a target at all; where something cannot, its count is no zero. */
export function knowable(targetId: string): ReadonlySet<Grade> {
  const target = targetById(targetId)
  return new Set(
    grades.filter((grade) => {
      if (grade === 'exported') return target?.kind === 'profile'
      if (grade === 'told') return target?.address !== undefined
      if (grade === 'fetched') return target?.previewBot !== undefined
      return true
    }),
  )
}
