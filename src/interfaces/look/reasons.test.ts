import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'
import { reasonCodes } from '#kernel/verify'
import { checkSentence } from './checks.ts'
import { languages } from './languages.ts'
import { reasonKeys, reasonOf, reasons, sayReason } from './reasons.ts'
import { offered, wordsOf } from './words.ts'

test('every reason of the verifier has a sentence, and every sentence a reason', () => {
  assert.ok(reasonCodes.length > 200)
  const used = new Set<string>()
  for (const code of reasonCodes) {
    const found = reasonOf(code)
    assert.ok(found, code)
    used.add(found.key)
  }
  assert.deepEqual([...used].toSorted(), [...reasonKeys].toSorted())
  assert.equal(reasonOf('proof.nobody_wrote_this'), undefined)
})

test('what a reason shares with others is said in general words only where it is about the writing of the file', () => {
  const general = reasonCodes.filter((code) => reasonOf(code)?.whole === false)
  assert.ok(general.every((code) => code.startsWith('schema.') || code.startsWith('proof.')))
  for (const code of ['proof.signature_wrong', 'proof.holds', 'proof.key_revoked', 'schema.open_badge', 'status.revoked', 'dates.expired', 'issuer.mismatch', 'registry.unlisted']) assert.equal(reasonOf(code)?.whole, true, code)
})

const named = (message: string) => new Set(new IntlMessageFormat(message, 'en').getAst().flatMap((one) => (one.type === 0 || !('value' in one) ? [] : [one.value])))

test('every language that pages are offered in says every reason, naming the same things', () => {
  assert.deepEqual(['en', ...Object.keys(reasons)], ['en', ...languages.filter((one) => one !== 'en')])
  assert.ok(offered.every((one) => one === 'en' || one in reasons))
  for (const [language, list] of Object.entries(reasons)) {
    assert.deepEqual(Object.keys(list), [...reasonKeys], language)
    for (const key of reasonKeys) {
      assert.deepEqual([...named(list[key])], [...named(reasons.es[key])], `${language} ${key}`)
      assert.match(list[key], /[.。।]$/u, `${language} ${key}`)
      assert.doesNotMatch(list[key], /[!！¡'<]/u, `${language} ${key}`)
    }
    assert.equal(new Set(Object.values(list)).size, reasonKeys.length, `${language}: a sentence stands twice`)
  }
})

test('a sentence names what the English one names, isolated, with its date as the language writes it', () => {
  const say = (code: string, about: { name?: string; date?: string }, language: 'en' | 'de' | 'ar') => String(sayReason({ code, detail: 'In English.', about }, language))
  assert.equal(say('issuer.mismatch', { name: '<b>x</b>' }, 'de'), 'Er wurde von <bdi>&lt;b&gt;x&lt;/b&gt;</bdi> unterschrieben, nicht von der ausstellenden Stelle, die er nennt.')
  assert.equal(say('dates.in_force', { date: '2026-10-14T09:00:00.000Z' }, 'de'), 'Gültig seit dem 14. Oktober 2026.')
  assert.equal(say('dates.in_force', { date: '2026-10-14T09:00:00.000Z' }, 'en'), 'In English.')
  assert.equal(say('dates.expired', {}, 'de'), 'undefined', 'better English than a hole')
  assert.match(say('proof.cryptosuite_missing', {}, 'ar'), / <span class="fine">\(<bdi lang="en">In English\.<\/bdi>\)<\/span>$/)
})

test('a reason that is not known is told in English, and marked as such', () => {
  const one = { name: 'proof', result: 'failed', code: 'proof.nobody_wrote_this', detail: 'Something new.' } as const
  assert.equal(String(checkSentence(one, wordsOf('hi'))), '<bdi lang="en">Something new.</bdi>')
})
