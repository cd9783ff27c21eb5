import { bucket, drawArm, bucketVersions } from '#kernel/draw'
import { achievementsById, completionsById } from '#journey/completion'
import { consentsOf, learnersById } from '#journey/party'
import type { Tx } from '#platform/db'
import { stratumOf } from './stratum.ts'
import { armByRule, parseRule } from './rule.ts'
import { insertDraws, learnersDrawn, ruleById, runningExperiment } from './store.ts'

/**
 * Draws the learners of completions into the running experiment, in the transaction that recorded the completions and before anything is
 * shown. Once each: a learner's second completion finds the first draw. Who did not agree to nudges is in no arm.
 *
 *   bucket = first 52 bits of SHA-256(version, salt, "arm", learner id) as a fraction; the arm whose range holds it
 *
 * With a rule: who is outside the random lane (its own bucket, "holdout", at or above the random share) and whom the rule can decide on gets the rule's arm, with
 * probability 1 and the rule's id in the row; everybody else is drawn as ever. Only the latter are compared.
 *
 * The unit is the person, not the credential. Each row keeps the probability, the stratum and the wave; analysis reads rows and never
 * hashes again.
 */
export async function draw(tx: Tx, recorded: { readonly issuerId: string; readonly completionIds: readonly string[] }): Promise<void> {
  const experiment = await runningExperiment(tx, recorded.issuerId)
  if (!experiment) return
  const version = bucketVersions.find((one) => one === experiment.hashVersion)
  if (!version) throw new TypeError(`experiment ${experiment.id} draws by “${experiment.hashVersion}”, which this version does not know`)

  const completions = await completionsById(tx, recorded.completionIds)
  const inOrder = recorded.completionIds.flatMap((id) => completions.get(id) ?? [])
  const learnerIds = [...new Set(inOrder.map((one) => one.learnerId))]
  const [learners, consents, drawn, achievements] = [
    await learnersById(tx, learnerIds),
    await consentsOf(tx, learnerIds),
    await learnersDrawn(tx, experiment.id, learnerIds),
    await achievementsById(tx, [...new Set(inOrder.map((one) => one.achievementId))]),
  ]

  const adopted = experiment.ruleId === undefined ? undefined : await ruleById(tx, experiment.ruleId)
  const rule = adopted && { id: adopted.id, tree: parseRule(adopted.rule, experiment.arms.map((arm) => arm.name)) }

  const wave = tx.now.toISOString().slice(0, 7)
  const first = new Map(inOrder.toReversed().map((completion) => [completion.learnerId, completion]))
  const draws = [...first.values()]
    .filter((completion) => consents.get(completion.learnerId)?.nudge === true && !drawn.has(completion.learnerId))
    .flatMap((completion) => {
      const learner = learners.get(completion.learnerId)
      if (!learner || learner.erasedAt) return []
      const number = bucket({ salt: experiment.salt, purpose: 'arm', unit: learner.id, version })
      const domain = achievements.get(completion.achievementId)?.domain
      const stratum = stratumOf(learner, domain ?? 'other')
      const ruled = rule && bucket({ salt: experiment.salt, purpose: 'holdout', unit: learner.id, version }) >= experiment.randomShare ? armByRule(rule.tree, { ...completion.covariates, country: learner.country, education: learner.education, domain }) : undefined
      const { arm, probability } = ruled === undefined ? drawArm(experiment.arms, number) : { arm: ruled, probability: 1 }
      return [{ learnerId: learner.id, completionId: completion.id, arm, probability, bucket: number, stratum, wave, ruleId: ruled === undefined ? undefined : rule?.id }]
    })
  if (draws.length > 0) await insertDraws(tx, experiment, draws)
}
