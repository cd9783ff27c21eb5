/**
 * All that is known of one person, room by room, as plain data: what the learner's right of access asks for (GDPR, articles 15 and 20). Tokens
 * of links are left out outside the letters themselves, because whoever holds them could use them; so are looks by others, which are no data of
 * the learner's.
 */
import { achievementsById, completionsOfLearners } from '#journey/completion'
import { credentialAddress, credentialsById, credentialsOfLearners } from '#journey/credential'
import { drawHistory } from '#journey/experiment'
import { messagesOfLearners, runsOfCredentials, suppressionsOf } from '#journey/nudge'
import { outcomesOfLearners } from '#journey/outcome'
import { consentHistory, issuerById } from '#journey/party'
import { sharesOf } from '#journey/share'
import { ownersHitsOf, viewsOf } from '#journey/view'
import { passkeysOf, rolesFor, type Who } from '#interfaces/http'
import { auditEntriesOf } from '#platform/audit'
import type { Tx } from '#platform/db'
import { keptLetters } from '#platform/mail'

/** More letters than a development mailbox keeps for one person. */
const allLetters = 10_000

export async function everythingAbout(tx: Tx, who: Who, site: { readonly publicUrl: string }): Promise<Readonly<Record<string, unknown>>> {
  const ids = who.learners.map((one) => one.id)
  const listed = await credentialsOfLearners(tx, ids)
  const credentialIds = listed.map((one) => one.id)
  const completions = await completionsOfLearners(tx, ids)
  const achievements = await achievementsById(tx, [...new Set(completions.map((one) => one.achievementId))])
  const whole = await credentialsById(tx, credentialIds)
  const runs = await runsOfCredentials(tx, credentialIds)
  const shares = await sharesOf(tx, credentialIds)
  const views = await viewsOf(tx, credentialIds)
  const ownHits = Map.groupBy(await ownersHitsOf(tx, credentialIds), (one) => one.credentialId)
  const messages = Map.groupBy(await messagesOfLearners(tx, ids), (one) => one.credentialId)
  const consents = Map.groupBy(await consentHistory(tx, ids), (one) => one.learnerId)
  const draws = Map.groupBy(await drawHistory(tx, ids), (one) => one.learnerId)
  const stopped = await suppressionsOf(tx, ids)
  const outcomes = await outcomesOfLearners(tx, ids)

  const credentialOf = (id: string) => {
    const one = whole.get(id)
    if (!one) return undefined
    const run = runs.get(id)
    return {
      id: one.publicId,
      address: credentialAddress(site, one.publicId),
      visibility: one.visibility,
      knownAs: one.knownAs,
      validFrom: one.validFrom,
      signedAt: one.signedAt,
      revokedAt: one.revokedAt,
      revocationReason: one.revocationReason,
      suspendedAt: one.suspendedAt,
      suspensionReason: one.suspensionReason,
      document: one.signed === undefined ? undefined : (JSON.parse(one.signed) as unknown),
      reminders: run && { workflow: run.workflow, arm: run.arm, nothingWasSent: run.ghost, state: run.state, stoppedBecause: run.stoppedBecause, beganAt: run.createdAt, endedAt: run.endedAt },
      messages: (messages.get(id) ?? []).map((message) => ({
        step: message.step,
        channel: message.channel,
        isReminder: message.nudge,
        nothingWasSent: message.ghost,
        state: message.state,
        reason: message.reason,
        dueAt: message.dueAt,
        timeZone: message.timeZone,
        at: message.at,
        clickedAt: message.clickedAt,
        dismissedAt: message.dismissedAt,
        declinedAt: message.declinedAt,
      })),
      shares: (shares.get(id) ?? []).map((share) => ({ target: share.target, clickedAt: share.clickedAt, confirmedAt: share.confirmedAt, confirmedBy: share.confirmedBy, seenAt: share.seenAt })),
      looks: views.get(id),
      yourVisits: (ownHits.get(id) ?? []).map((hit) => ({ at: hit.at, kind: hit.kind, browser: hit.userAgent, network: hit.network, from: hit.referrerHost })),
    }
  }

  const learners = []
  for (const learner of who.learners) {
    const issuer = await issuerById(tx, learner.issuerId)
    learners.push({
      issuer: issuer && { name: issuer.name, handle: issuer.handle, website: issuer.url },
      person: {
        idAtTheIssuer: learner.externalId,
        name: learner.name,
        email: learner.email,
        language: learner.locale,
        timeZone: learner.timeZone,
        remindersBetweenMinutesOfTheDay: learner.waking,
        country: learner.country,
        education: learner.education,
      },
      consents: (consents.get(learner.id) ?? []).map((one) => ({ purpose: one.purpose, given: one.given, text: one.textVersion, source: one.source, at: one.at })),
      noMailBecause: stopped.get(learner.id),
      completions: completions
        .filter((one) => one.learnerId === learner.id)
        .map((one) => ({
          achievement: { handle: achievements.get(one.achievementId)?.handle, name: achievements.get(one.achievementId)?.document['name'] },
          completedAt: one.completedAt,
          recordedAt: one.recordedAt,
          alsoReported: one.covariates,
          credential: credentialOf(listed.find((credential) => credential.completionId === one.id)?.id ?? ''),
        })),
      experiments: (draws.get(learner.id) ?? []).map((one) => ({ experiment: one.experimentId, arm: one.arm, probability: one.probability, stratum: one.stratum, wave: one.wave, drawnAt: one.drawnAt })),
      work: {
        looks: outcomes.observations.filter((one) => one.learnerId === learner.id).map((one) => ({ at: one.observedAt, source: one.source })),
        positions: outcomes.spells
          .filter((one) => one.learnerId === learner.id)
          .map((one) => ({ title: one.title, employer: one.employer, startedOn: one.startedOn, endedOn: one.endedOn, inScope: one.inScope, byRule: one.ruleVersion, seenAt: one.observedAt, source: one.source })),
      },
    })
  }

  return {
    madeAt: tx.now,
    account: who.person && { email: who.person.email, roles: [...new Set(who.learners.flatMap((one) => rolesFor(who, one.issuerId)))] },
    passkeys: who.person === undefined ? [] : (await passkeysOf(tx, who.person.id)).map((one) => ({ name: one.name, addedAt: one.addedAt, onAllDevicesOfAPasswordManager: one.synced })),
    learners,
    whatYouDid: who.person === undefined ? [] : (await auditEntriesOf(tx, who.person.id)).map((one) => ({ at: one.at, action: one.action })),
    lettersKept: who.person === undefined ? [] : (await keptLetters(tx, { to: who.person.email, limit: allLetters })).map((one) => ({ at: one.at, subject: one.subject, text: one.text })),
  }
}
