import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'
import { IntlMessageFormat } from 'intl-messageformat'
import { html } from './html.ts'
import { languages } from './languages.ts'
import { catalogues, offered, wordsOf, type MessageKey } from './words.ts'
import { en } from './words/en.ts'

const keys = Object.keys(en) as MessageKey[]

type Node = ReturnType<IntlMessageFormat['getAst']>[number]
const parse = (message: string): readonly Node[] => new IntlMessageFormat(message, 'en').getAst()

/** The names that a message waits for, tags among them. */
function namesIn(message: string): ReadonlySet<string> {
  const names = new Set<string>()
  const walk = (list: readonly Node[]): void => {
    for (const one of list) {
      if (one.type === 0 || !('value' in one)) continue // a literal, or the # of a plural
      names.add(one.value)
      if ('children' in one) walk(one.children)
      if ('options' in one) for (const option of Object.values(one.options)) walk(option.value)
    }
  }
  walk(parse(message))
  return names
}

test('every list of words in the folder is offered, and every one that is offered is of a known language', () => {
  const files = readdirSync(new URL('./words/', import.meta.url)).filter((name) => name.endsWith('.ts')).map((name) => name.slice(0, -3))
  assert.ok(files.length > 0)
  assert.deepEqual([...offered].sort(), files.sort())
  assert.ok(files.every((name) => (languages as readonly string[]).includes(name)))
})

for (const language of offered) {
  const list: Readonly<Record<string, string>> = catalogues[language] ?? {}

  test(`${language}: has every message and no other`, () => {
    assert.deepEqual(Object.keys(list).sort(), [...keys].sort())
  })

  test(`${language}: every message compiles and waits for the same names as the English one`, () => {
    for (const key of keys) {
      const message = list[key] ?? ''
      assert.doesNotThrow(() => new IntlMessageFormat(message, language), `${key} does not compile`)
      assert.deepEqual([...namesIn(message)].sort(), [...namesIn(en[key])].sort(), key)
    }
  })

  test(`${language}: every plural has the forms that the language has`, () => {
    const wanted = new Intl.PluralRules(language).resolvedOptions().pluralCategories
    const walk = (list: readonly Node[], key: string): void => {
      for (const one of list) {
        if ('children' in one) walk(one.children, key)
        if (!('pluralType' in one)) continue
        for (const form of wanted) assert.ok(one.options[form] !== undefined || (form === 'zero' && one.options['=0'] !== undefined), `${key} has no form for "${form}"`)
        for (const option of Object.values(one.options)) walk(option.value, key)
      }
    }
    for (const key of keys) walk(parse(list[key] ?? ''), key)
  })

  test(`${language}: nothing is empty, urges, or holds markup of its own`, () => {
    for (const key of keys) {
      const message = list[key] ?? ''
      assert.ok(message.trim().length > 0, key)
      assert.doesNotMatch(message, /[!！¡]/u, key)
      assert.doesNotMatch(message, /<(?!\/?b>)/u, key)
      assert.doesNotMatch(message, /'/u, `${key}: the straight apostrophe is ICU's quotation mark`)
    }
  })
}

test('the English messages guess nobody’s gender', () => {
  for (const key of keys) assert.doesNotMatch(en[key], /\b(?:he|she|him|her|his|hers)\b/iu, key)
})

test('a regional tag is read as its language, and an unknown one as English', () => {
  assert.equal(wordsOf('en-US').language, 'en')
  assert.equal(wordsOf('xx-Zzzz').language, 'en')
  assert.equal(wordsOf('').language, 'en')
})

test('values of a message are escaped and keep their own direction; its bold stays bold', () => {
  const words = wordsOf('en')
  assert.equal(String(words.html('credential.issued_by', { issuer: '<i>x</i>' })), 'Issued by <bdi>&lt;i&gt;x&lt;/i&gt;</bdi>')
  assert.equal(String(words.html('owner.private')), 'Only you see this page. It is <b>private</b> until you share it.')
  assert.equal(String(words.html('credential.number', { id: html`<code>7</code>` })), 'Credential <code>7</code>')
  assert.equal(words.text('issuer.signed', { n: 1 }), '1 credential has been signed here so far.')
  assert.equal(words.text('issuer.signed', { n: 48037 }), '48,037 credentials have been signed here so far.')
  assert.equal(words.maybe('check.code.nobody_wrote_this'), undefined)
  assert.equal(words.maybe('toString'), undefined)
})

test('a sum of looks reads as a sentence for none, one and many', () => {
  const say = (people: number, checks: number): string => String(wordsOf('en').html('looks.sum', { people, checks })).replace(/<\/?b>/gu, '')
  assert.equal(say(0, 0), 'Nobody has opened your page in the last 30 days.')
  assert.equal(say(1, 1), '1 person opened your page in the last 30 days, and one verification was made.')
  assert.equal(say(41, 3), '41 people opened your page in the last 30 days, and 3 verifications were made.')
})
