import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deflateSync, gzipSync } from 'node:zlib'
import { buildAchievementCredential, type Json, type JsonObject } from '#kernel/openbadge'
import { decodeMultibase, didDocument, encodeMultibase, encodeMultikey } from '#kernel/proof'
import { baked, chunk, collector, element, idat, iend, ihdr, judge, pdf, png, svg, type Forgery } from './forgery.ts'
import type { VerifyOptions } from './loaders.ts'
import { reasonCodes } from './reasons.ts'
import { changed, formerKey, genuine, issuerDocument, issuerId, issuerKey, method, parts, plainStatusList, revocationList, secondSignature, signed, statusList, strangerId, strangerKey, strangerMethod, suspensionList, surroundings, unsigned } from './specimen.ts'
import { verifyCredential } from './verify.ts'

const forgeries: Forgery[] = []
const forge = collector(forgeries)

const text = JSON.stringify(genuine)
const proofOf = (document: JsonObject): JsonObject => document['proof'] as JsonObject
const withProof = (changes: Record<string, Json | undefined>): JsonObject => {
  const proof: Record<string, Json | undefined> = { ...proofOf(genuine), ...changes }
  return { ...unsigned, proof: JSON.parse(JSON.stringify(proof)) as JsonObject }
}

// ---- What is no credential at all ----

forge('a file of 2 MB', 'parsed.too_large', 'x'.repeat(2_000_000))
forge('a credential padded beyond 1 MB', 'parsed.too_large', `${' '.repeat(1_048_576)}${text}`)
forge('bytes that are no text', 'parsed.not_utf8', Uint8Array.of(0x7b, 0xff, 0xfe, 0x7d))
forge('a JPEG', 'parsed.not_utf8', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16))
forge('a gzip bomb', 'parsed.not_utf8', gzipSync(Buffer.alloc(50_000_000)))
forge('an empty file', 'parsed.empty', '')
forge('a file of spaces', 'parsed.empty', '   \n\t ')
forge('a sentence', 'parsed.unknown_kind', 'I hereby certify that I am qualified.')
forge('a web page', 'parsed.unknown_kind', '<html xmlns="http://www.w3.org/1999/xhtml"><body>Certified</body></html>')
forge('a local file address', 'parsed.unknown_kind', 'file:///etc/passwd')
forge('a script address', 'parsed.unknown_kind', 'javascript:alert(1)')
forge('an address of the cloud’s metadata service', 'parsed.address_given', 'http://169.254.169.254/latest/meta-data/')
forge('an address of this machine', 'parsed.address_given', 'https://[::1]:8443/credential.json')
forge('an encrypted token of five parts', 'parsed.jwe', 'eyJhbGciOiJSU0EtT0FFUCJ9.AAAA.BBBB.CCCC.DDDD')
forge('a badge of Open Badges 2.0', 'parsed.open_badges_2', { '@context': 'https://w3id.org/openbadges/v2', type: 'Assertion', id: 'https://example.org/a' })
forge('a PNG with a badge of Open Badges 2.0', 'parsed.open_badges_2', png(ihdr, chunk('tEXt', Buffer.from('openbadges\0https://example.org/a')), idat, iend))
forge('an SVG with a badge of Open Badges 2.0', 'parsed.open_badges_2', '<svg xmlns="http://www.w3.org/2000/svg" xmlns:o="http://openbadges.org"><o:assertion verify="https://example.org/a"/></svg>')
forge('a screenshot of a badge', 'parsed.png_no_credential', png(ihdr, idat, iend))
forge('a PNG with two credentials', 'parsed.png_several_credentials', png(ihdr, baked(text), baked(text), idat, iend))
forge('a PNG with a compressed credential', 'parsed.png_compressed', png(ihdr, baked(text, 1), idat, iend))
forge('a PNG whose credential is a compression bomb', 'parsed.png_compressed', png(ihdr, chunk('zTXt', Buffer.concat([Buffer.from('openbadgecredential\0\0'), deflateSync(Buffer.alloc(20_000_000))])), idat, iend))
forge('a PNG with a wrong checksum', 'parsed.png_checksum', png(ihdr, Buffer.concat([baked(text).subarray(0, -1), Buffer.of(0)]), idat, iend))
forge('a PNG whose chunk claims 4 GB', 'parsed.png_broken', png(ihdr, Buffer.concat([Buffer.of(0xff, 0xff, 0xff, 0xff), baked(text).subarray(4)]), iend))
forge('a PNG without an end', 'parsed.png_broken', png(ihdr, baked(text), idat))
forge('a PNG of ten thousand empty chunks', 'parsed.png_too_many_chunks', png(ihdr, ...Array.from({ length: 10_000 }, () => chunk('teSt', Buffer.alloc(0))), iend))
forge('an SVG without a credential', 'parsed.svg_no_credential', svg('<circle r="3"/>'))
forge('an SVG with the credential in a comment', 'parsed.svg_no_credential', svg(`<!-- ${element('{}')} -->`))
forge('an SVG with the element in a foreign namespace', 'parsed.svg_no_credential', svg(`<x:credential xmlns:x="https://evil.example/ns">${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</x:credential>`))
forge('an SVG with two credentials', 'parsed.svg_several_credentials', svg(element(text) + element(text)))
forge('an SVG with one credential in the body and another in the attribute', 'parsed.svg_several_credentials', svg(`<openbadges:credential verify="a.b.c"><![CDATA[${text}]]></openbadges:credential>`))
forge('an SVG with the billion laughs', 'parsed.svg_entities', `<!DOCTYPE svg [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>${svg('&b;')}`)
forge('an SVG that reads a local file', 'parsed.svg_entities', `<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>${svg(element('&x;'))}`)
forge('an SVG that is not closed', 'parsed.svg_broken', svg(element(text)).slice(0, -6))
forge('an SVG nested ten thousand deep', 'parsed.svg_too_deep', svg('<g>'.repeat(10_000)))
forge('a PDF with nothing attached', 'parsed.pdf_no_credential', Buffer.from('%PDF-1.7\n%%EOF\n'))
forge('a PDF with two credentials', 'parsed.pdf_several_credentials', Buffer.concat([pdf(Buffer.from(text)), pdf(Buffer.from(text))]))
forge('a PDF with an inflating attachment', 'parsed.pdf_too_large_inside', pdf(deflateSync(Buffer.alloc(50_000_000)), '/Filter /FlateDecode'))
forge('an encrypted PDF', 'parsed.pdf_encrypted', Buffer.concat([Buffer.from('%PDF-1.7\ntrailer << /Encrypt 5 0 R >>\n'), pdf(Buffer.from(text))]))
forge('a PDF that is cut off', 'parsed.pdf_broken', pdf(Buffer.from(text)).subarray(0, 200))

// ---- JSON that two readers could read differently, or that costs too much to read ----

forge('JSON that is cut off', 'parsed.not_json', text.slice(0, -1))
forge('JSON with something after it', 'parsed.not_json', `${text} {}`)
forge('JSON with a comment', 'parsed.not_json', `{/* trust me */${text.slice(1)}`)
forge('JSON with single quotes', 'parsed.not_json', "{'type':['VerifiableCredential']}")
forge('JSON with NaN', 'parsed.not_json', '{"type":NaN}')
forge('JSON of opening brackets', 'parsed.too_deep', '['.repeat(10_000))
forge('JSON nested ten thousand deep', 'parsed.too_deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`)
forge('a credential whose evidence is nested 65 deep', 'parsed.too_deep', text.replace('"Project report"', `${'['.repeat(65)}${']'.repeat(65)}`))
forge('JSON of 300,000 values', 'parsed.too_many_values', `[${'0,'.repeat(300_000)}0]`)
forge('two issuers under one name', 'parsed.duplicate_key', text.replace('"issuer":', '"issuer":"did:web:evil.example.org","issuer":'))
forge('two subjects, one name written with escapes', 'parsed.duplicate_key', text.replace('"credentialSubject":', '"credential\\u0053ubject":{},"credentialSubject":'))
forge('two proof values under one name', 'parsed.duplicate_key', text.replace('"proofValue":', '"proofValue":"zAAAA","proofValue":'))
forge('two validUntil in one document', 'parsed.duplicate_key', text.replace('"validUntil":', '"validUntil":"2099-01-01T00:00:00Z","validUntil":'))
forge('__proto__ at the top', 'parsed.forbidden_key', `{"__proto__":{"verdict":"trusted"},${text.slice(1)}`)
forge('__proto__ in the issuer', 'parsed.forbidden_key', text.replace('"name":"Example Institute"', '"__proto__":{"name":"x"},"name":"Example Institute"'))
forge('__proto__ written with escapes', 'parsed.forbidden_key', `{"\\u005f\\u005fproto__":{},${text.slice(1)}`)
forge('half a character in a name', 'parsed.lone_surrogate', text.replace('Adaeze', '\\ud800'))
forge('half a character in a key', 'parsed.lone_surrogate', `{"\\udc00":1,${text.slice(1)}`)
forge('a number without end', 'parsed.number_out_of_range', text.replace('"creditsAvailable":4', '"creditsAvailable":4e999'))
forge('a list of credentials', 'parsed.not_an_object', `[${text}]`)
forge('a quoted token', 'parsed.not_an_object', '"eyJhbGciOiJub25lIn0.e30."')
forge('an empty object', 'parsed.not_a_credential', '{}')
forge('a file of settings', 'parsed.not_a_credential', '{"name":"laurel","private":true}')
forge('a presentation', 'parsed.presentation_given', { '@context': ['https://www.w3.org/ns/credentials/v2'], type: ['VerifiablePresentation'], verifiableCredential: [genuine] })
forge('an envelope without a data address', 'parsed.envelope_broken', { '@context': ['https://www.w3.org/ns/credentials/v2'], type: 'EnvelopedVerifiableCredential', id: 'https://example.org/c' })
forge('an envelope of an unknown kind', 'parsed.envelope_broken', { '@context': ['https://www.w3.org/ns/credentials/v2'], type: 'EnvelopedVerifiableCredential', id: 'data:text/html,<b>trusted</b>' })
forge('an envelope without the base context', 'parsed.envelope_broken', { '@context': ['https://example.org/'], type: 'EnvelopedVerifiableCredential', id: 'data:application/vc+jwt,a.b.c' })

// ---- Content changed after signing ----

const subject = (...path: (string | number)[]): (string | number)[] => ['credentialSubject', ...path]
const contentChanges: readonly (readonly [string, readonly (string | number)[], Json | undefined])[] = [
  ['the learner’s name changed', subject('identifier', 1, 'identityHash'), 'Somebody Else'],
  ['the learner’s hashed address changed', subject('identifier', 0, 'identityHash'), `sha256$${'0'.repeat(64)}`],
  ['the salt changed', subject('identifier', 0, 'salt'), 'fedcba9876543210'],
  ['the achievement renamed', subject('achievement', 'name'), 'Doctor of Medicine'],
  ['the achievement’s id changed', subject('achievement', 'id'), 'https://learn.example.org/achievements/medicine'],
  ['the description changed', subject('achievement', 'description'), 'Everything.'],
  ['the criteria softened', subject('achievement', 'criteria', 'narrative'), 'Attend.'],
  ['the grade raised', subject('result', 0, 'value'), '100'],
  ['the workload raised', subject('achievement', 'resultDescription', 1, 'requiredValue'), '1200'],
  ['the credits raised', subject('achievement', 'creditsAvailable'), 40],
  ['an alignment added', subject('achievement', 'alignment', 1), { type: ['Alignment'], targetName: 'perform surgery', targetUrl: 'https://example.org/surgery' }],
  ['an alignment taken away', subject('achievement', 'alignment'), undefined],
  ['a tag added', subject('achievement', 'tag', 2), 'medicine'],
  ['the image replaced', subject('achievement', 'image', 'id'), 'https://evil.example/logo.png'],
  ['the evidence replaced', ['evidence', 0, 'id'], 'https://evil.example/report'],
  ['the title changed', ['name'], 'Master of Data Science'],
  ['the id changed', ['id'], 'https://learn.example.org/credentials/other'],
  ['the end put off', ['validUntil'], '2099-10-14T09:00:00Z'],
  ['the end taken away', ['validUntil'], undefined],
  ['the beginning put back', ['validFrom'], '2001-01-01T00:00:00Z'],
  ['the status taken away', ['credentialStatus'], undefined],
  ['the suspension entry taken away', ['credentialStatus', 1], { id: 'urn:x:1', type: 'BitstringStatusListEntry', statusPurpose: 'refresh', statusListIndex: '1', statusListCredential: revocationList }],
  ['the status index moved', ['credentialStatus', 0, 'statusListIndex'], '94568'],
  ['the status list moved', ['credentialStatus', 0, 'statusListCredential'], 'https://evil.example/status'],
  ['the issuer’s name changed', ['issuer', 'name'], 'Another Institute'],
  ['the language changed', subject('achievement', 'inLanguage'), 'fr'],
  ['the kind of credential raised', subject('achievement', 'achievementType'), 'DoctoralDegree'],
]
for (const [name, path, value] of contentChanges) forge(name, 'proof.signature_wrong', changed(genuine, path, value))
forge('a name with the same look but other characters', 'proof.signature_wrong', changed(genuine, subject('identifier', 1, 'identityHash'), 'Adaeze Nkechi Okonkwо'))
forge('a name in another Unicode form', 'proof.signature_wrong', changed(genuine, ['issuer', 'name'], 'Example Institute\u200b'))
forge('the proof of another credential', 'proof.signature_wrong', { ...genuine, proof: proofOf(await signed(buildAchievementCredential({ ...parts, id: 'https://learn.example.org/credentials/2' }))) })
forge('the proof of a status list', 'proof.signature_wrong', { ...genuine, proof: proofOf(await statusList(revocationList, 'revocation')) })

// ---- Documents that their issuer signed, but that are no proper credentials ----

const malformed: readonly (readonly [string, string, (document: JsonObject) => JsonObject])[] = [
  ['no subject', 'schema.subject_missing', (d) => changed(d, ['credentialSubject'], undefined)],
  ['an empty subject', 'schema.subject_empty', (d) => changed(d, ['credentialSubject'], {})],
  ['an achievement without a name', 'schema.missing', (d) => changed(d, subject('achievement', 'name'), undefined)],
  ['an achievement without criteria', 'schema.missing', (d) => changed(d, subject('achievement', 'criteria'), undefined)],
  ['no achievement', 'schema.missing', (d) => changed(d, subject('achievement'), undefined)],
  ['no validFrom', 'schema.missing', (d) => changed(d, ['validFrom'], undefined)],
  ['a null description', 'schema.null_value', (d) => changed(d, subject('achievement', 'description'), null)],
  ['an empty list of tags', 'schema.empty_list', (d) => changed(d, subject('achievement', 'tag'), [])],
  ['a single identifier that is no list', 'schema.not_a_list', (d) => changed(d, subject('identifier'), ((d['credentialSubject'] as JsonObject)['identifier'] as Json[])[1])],
  ['two subjects where one is allowed', 'schema.is_a_list', (d) => changed(d, ['credentialSubject'], [d['credentialSubject'] as Json, { ...(d['credentialSubject'] as JsonObject), id: 'did:example:second' }])],
  ['credits as text', 'schema.wrong_kind', (d) => changed(d, subject('achievement', 'creditsAvailable'), '4.0E0')],
  ['hashed as text', 'schema.wrong_kind', (d) => changed(d, subject('identifier', 1, 'hashed'), 'false')],
  ['an unheard-of kind of achievement', 'schema.not_in_vocabulary', (d) => changed(d, subject('achievement', 'achievementType'), 'Knighthood')],
  ['an unheard-of identity type', 'schema.not_in_vocabulary', (d) => changed(d, subject('identifier', 1, 'identityType'), 'nickname')],
  ['a further property in an image', 'schema.unknown_property', (d) => changed(d, subject('achievement', 'image', 'name'), 'logo')],
  ['an id that is no address', 'schema.id_not_url', (d) => changed(d, ['id'], 'https ://learn.example.org/1')],
  ['two ids', 'schema.id_not_url', (d) => changed(d, ['id'], ['https://learn.example.org/1', 'https://learn.example.org/2'])],
  ['the draft of the badge context', 'schema.context_second', (d) => changed(d, ['@context', 1], 'https://purl.imsglobal.org/spec/ob/v3p0/context.json')],
  ['only the type VerifiableCredential missing', 'schema.type_lacks', (d) => changed(d, ['type'], ['AchievementCredential'])],
  ['a type that is a number', 'schema.type_not_text', (d) => changed(d, ['type', 2], 7)],
  ['no type', 'schema.type_missing', (d) => changed(d, ['type'], undefined)],
  ['a date without time zone', 'schema.date_not_stamp', (d) => changed(d, ['validUntil'], '2029-10-14T09:00:00')],
  ['a date in words', 'schema.date_not_stamp', (d) => changed(d, ['validUntil'], 'next year')],
  ['the thirtieth of February', 'schema.date_not_stamp', (d) => changed(d, ['validUntil'], '2029-02-30T09:00:00Z')],
  ['a date in a list', 'schema.date_not_stamp', (d) => changed(d, ['validUntil'], ['2029-10-14T09:00:00Z'])],
  ['a null date', 'schema.date_not_stamp', (d) => changed(d, ['validUntil'], null)],
  ['an end before the beginning', 'schema.dates_reversed', (d) => changed(d, ['validUntil'], '2026-10-13T09:00:00Z')],
  ['a status entry without purpose', 'schema.status_entry_incomplete', (d) => changed(d, ['credentialStatus', 0, 'statusPurpose'], undefined)],
  ['a negative status index', 'schema.status_entry_incomplete', (d) => changed(d, ['credentialStatus', 0, 'statusListIndex'], '-1')],
  ['a broken status index', 'schema.status_entry_incomplete', (d) => changed(d, ['credentialStatus', 0, 'statusListIndex'], '1.5')],
  ['a status entry without type', 'schema.part_type_missing', (d) => changed(d, ['credentialStatus', 0, 'type'], undefined)],
  ['a schema without id', 'schema.part_id_missing', (d) => changed(d, ['credentialSchema'], [{ type: 'JsonSchema' }])],
  ['terms of use without type', 'schema.part_type_missing', (d) => changed(d, ['termsOfUse'], [{ id: 'https://example.org/terms' }])],
  ['a related resource with a wrong digest', 'schema.resource_digest_wrong', (d) => changed(d, ['relatedResource'], { id: 'https://www.w3.org/ns/credentials/v2', digestSRI: `sha384-${'A'.repeat(64)}` })],
  ['a related resource without digest', 'schema.resource_no_digest', (d) => changed(d, ['relatedResource'], { id: 'https://www.w3.org/ns/credentials/v2' })],
  ['a related resource twice', 'schema.resource_twice', (d) => changed(d, ['relatedResource'], [1, 2].map(() => ({ id: 'https://example.org/r', digestSRI: `sha384-${'A'.repeat(64)}` })))],
]
for (const [name, reason, change] of malformed) {
  const document = change(unsigned)
  // Where even the issuer cannot sign it (no canonical form), the old proof stands on it.
  const made = await signed(document).catch(() => ({ ...document, proof: proofOf(genuine) }))
  forge(`signed with ${name}`, reason, made)
}

// ---- Meanings moved ----

const inline = (...contexts: Json[]): JsonObject => changed(genuine, ['@context'], [...(genuine['@context'] as Json[]), ...contexts])
const until = 'https://www.w3.org/2018/credentials#validUntil'
forge('a context that nobody holds', 'contexts.unknown_context', inline('https://evil.example/context.json'))
forge('a context on this machine', 'contexts.unknown_context', inline('https://localhost/context.json'))
forge('a context from a file', 'contexts.unknown_context', inline('file:///etc/context.json'))
forge('the base context over http', 'contexts.unknown_context', changed(genuine, ['@context', 0], 'http://www.w3.org/ns/credentials/v2'))
forge('the base context with a slash', 'contexts.unknown_context', changed(genuine, ['@context', 0], 'https://www.w3.org/ns/credentials/v2/'))
forge('the examples context, which gives every word a meaning', 'contexts.unknown_context', inline('https://www.w3.org/ns/credentials/examples/v2'))
forge('an unknown context inside an endorsement', 'contexts.unknown_context', changed(genuine, ['endorsement'], [{ '@context': ['https://evil.example/c'], type: ['VerifiableCredential'] }]))
forge('an expiry hidden behind an inline term', 'contexts.inline_alias', changed(changed(inline({ until: { '@id': until, '@type': 'http://www.w3.org/2001/XMLSchema#dateTime' } }), ['until'], genuine['validUntil']), ['validUntil'], undefined))
forge('an expiry hidden behind its full address', 'contexts.key_not_term', changed(changed(genuine, [until], { '@type': 'http://www.w3.org/2001/XMLSchema#dateTime', '@value': genuine['validUntil'] as string }), ['validUntil'], undefined))
forge('a status hidden behind an inline term', 'contexts.inline_alias', changed(changed(inline({ hidden: { '@id': 'https://www.w3.org/2018/credentials#credentialStatus', '@type': '@id' } }), ['hidden'], genuine['credentialStatus']), ['credentialStatus'], undefined))
forge('a catch-all vocabulary', 'contexts.inline_catch_all', inline({ '@vocab': 'https://evil.example/#' }))
forge('a base address', 'contexts.inline_keyword', inline({ '@base': 'https://evil.example/' }))
forge('an imported context', 'contexts.inline_keyword', inline({ '@import': 'https://evil.example/c' }))
forge('a context in the middle of the subject', 'contexts.nested_context', changed(genuine, subject('@context'), { grade: 'https://evil.example/#grade' }))
forge('statements in an unnamed graph', 'contexts.keyword_key', changed(genuine, ['@graph'], [{ id: 'urn:x:1' }]))
forge('the same evidence twice', 'contexts.repeated_node', changed(genuine, ['evidence', 1], (genuine['evidence'] as Json[])[0]))
forge('a term that nothing defines', 'contexts.term_unmapped', changed(genuine, ['honours'], 'summa cum laude'))
forge('a term that nothing defines, deep inside', 'contexts.term_unmapped', changed(genuine, subject('achievement', 'level'), 'expert'))
forge('a standard term with another meaning', 'schema.context_redefines', inline({ name: 'https://evil.example/#name' }))
forge('a standard type with another meaning', 'schema.context_redefines', inline({ VerifiableCredential: 'https://evil.example/#Anything' }))
forge('the contexts in the wrong order', 'schema.context_first', changed(genuine, ['@context'], [...(genuine['@context'] as Json[])].reverse()))
forge('no context', 'schema.context_missing', changed(genuine, ['@context'], undefined))
forge('a context that is a text', 'schema.context_not_list', changed(genuine, ['@context'], 'https://www.w3.org/ns/credentials/v2'))
forge('a context that is a number', 'schema.context_not_url', changed(genuine, ['@context', 2], 5))
forge('the contexts of the older data model', 'schema.date_missing', changed(genuine, ['@context', 0], 'https://www.w3.org/2018/credentials/v1'))

// ---- Proofs ----

forge('no proof', 'proof.none', unsigned)
forge('an empty list of proofs', 'proof.none', { ...unsigned, proof: [] })
forge('a proof that is a text', 'proof.proof_not_object', { ...unsigned, proof: 'trust me' })
forge('a proof of an unknown type', 'proof.proof_type_unknown', withProof({ type: 'TrustMeProof2026' }))
forge('an unknown cryptosuite', 'proof.cryptosuite_unknown', withProof({ cryptosuite: 'none' }))
forge('a cryptosuite called __proto__', 'proof.cryptosuite_unknown', withProof({ cryptosuite: 'constructor' }))
forge('no cryptosuite', 'proof.cryptosuite_missing', withProof({ cryptosuite: undefined }))
forge('a cryptosuite for another kind of key', 'proof.key_mismatch', withProof({ cryptosuite: 'ecdsa-rdfc-2019' }))
forge('the proof of one cryptosuite under the name of another', 'proof.signature_wrong', withProof({ cryptosuite: 'eddsa-jcs-2022' }))
forge('no verification method', 'proof.method_missing', withProof({ verificationMethod: undefined }))
forge('no purpose', 'proof.purpose_missing', withProof({ proofPurpose: undefined }))
forge('a proof made for signing in', 'proof.purpose_wrong', await signed(unsigned, { proofPurpose: 'authentication' }))
forge('no proof value', 'proof.value_missing', withProof({ proofValue: undefined }))
forge('a proof value in another alphabet', 'proof.value_malformed', withProof({ proofValue: 'z0OIl' }))
forge('a proof value in base64', 'proof.value_malformed', withProof({ proofValue: 'uAAAA' }))
forge('a proof value of one byte', 'proof.value_malformed', withProof({ proofValue: encodeMultibase(Uint8Array.of(1), 'base58btc') }))
forge('a proof value of zeros', 'proof.signature_wrong', withProof({ proofValue: encodeMultibase(new Uint8Array(64), 'base58btc') }))
forge('a proof date that is none', 'proof.created_malformed', withProof({ created: 'yesterday' }))
forge('a proof that has expired', 'proof.expired', await signed(unsigned, { expires: '2026-10-15T00:00:00Z' }))
forge('a later date on the proof', 'proof.signature_wrong', withProof({ created: '2026-11-01T00:00:00Z' }))
forge('a longer life for the proof', 'proof.signature_wrong', { ...(await signed(unsigned, { expires: '2027-01-01T00:00:00Z' })), proof: { ...proofOf(await signed(unsigned, { expires: '2027-01-01T00:00:00Z' })), expires: '2037-01-01T00:00:00Z' } })
forge('a proof that builds on one that is not there', 'proof.previous_proof_missing', withProof({ previousProof: 'urn:uuid:0' }))
forge('a chain whose first link is broken', 'proof.previous_proof_failed', await (async () => {
  const first = changed(await signed(unsigned, { id: 'urn:uuid:11111111-1111-4111-8111-111111111111' }), ['proof', 'created'], '2026-10-15T00:00:00Z')
  return signed(first, { key: strangerKey, verificationMethod: strangerMethod, previousProof: 'urn:uuid:11111111-1111-4111-8111-111111111111' })
})())
forge('nine proofs', 'proof.too_many', { ...unsigned, proof: Array.from({ length: 9 }, () => proofOf(genuine)) })
forge('a good proof beside a bad one', 'proof.signature_wrong', { ...unsigned, proof: [proofOf(genuine), { ...proofOf(genuine), created: '2026-11-01T00:00:00Z' }] })
forge('a good proof beside one of an unknown type', 'proof.proof_type_unknown', { ...unsigned, proof: [proofOf(genuine), { type: 'TrustMeProof2026' }] })
forge('the key of a stranger under the issuer’s name', 'proof.signature_wrong', await signed(unsigned, { key: strangerKey }))
forge('a key that the issuer does not have', 'proof.method_unknown', await signed(unsigned, { key: strangerKey, verificationMethod: `${issuerId}#key-9` }))
forge('a key that the issuer has withdrawn', 'proof.key_revoked', await signed(unsigned, { key: formerKey, verificationMethod: `${issuerId}#key-0` }))
forge('a key that is only for signing in', 'proof.method_not_authorized', genuine, { world: { resolveDid: async () => ({ ...issuerDocument, assertionMethod: [] }) } })
forge('a key that has expired', 'proof.key_expired', genuine, { world: { resolveDid: async () => changed(issuerDocument, ['verificationMethod', 0, 'expires'], '2026-11-01T00:00:00Z') } })
forge('an issuer’s document about somebody else', 'proof.controller_mismatch', genuine, { world: { resolveDid: async () => didDocument('did:web:other.example.org', [{ fragment: 'key-1', publicKey: issuerKey.publicKey }]) } })
forge('an issuer’s document with a broken key', 'proof.key_malformed', genuine, { world: { resolveDid: async () => changed(issuerDocument, ['verificationMethod', 0, 'publicKeyMultibase'], 'z6MkBroken') } })
forge('an issuer’s document that lists a private key', 'proof.key_malformed', genuine, { world: { resolveDid: async () => changed(changed(changed(issuerDocument, ['verificationMethod', 0, 'publicKeyMultibase'], undefined), ['verificationMethod', 0, 'type'], 'JsonWebKey'), ['verificationMethod', 0, 'publicKeyJwk'], { kty: 'OKP', crv: 'Ed25519', x: 'AAAA', d: 'AAAA' }) } })
forge('an issuer’s document that does not come', 'proof.key_unreachable', genuine, { world: { resolveDid: async () => undefined } })
forge('a did:key of small order', 'proof.key_malformed', withProof({ verificationMethod: `did:key:${encodeMultibase(Uint8Array.from([0xed, 0x01, 1, ...new Array<number>(31).fill(0)]), 'base58btc')}` }))
forge('a did:key with the fragment of another', 'proof.method_unknown', withProof({ verificationMethod: `${strangerId}#${encodeMultikey(issuerKey.publicKey)}` }))
forge('a did:key that is none', 'proof.method_malformed', withProof({ verificationMethod: 'did:key:zzz' }))

const trickyMethods: readonly (readonly [string, string, string])[] = [
  ['an unknown kind of DID', 'did:example:123#key-1', 'proof.method_unsupported'],
  ['a method over http', 'http://learn.example.org/keys#key-1', 'proof.method_unsupported'],
  ['a method in a script', 'javascript:alert(1)#key-1', 'proof.method_unsupported'],
  ['a method in a file', 'file:///etc/passwd#key-1', 'proof.method_unsupported'],
  ['a method in a data address', 'data:application/json,{}#key-1', 'proof.method_unsupported'],
  ['a did:web with a slash in its host', 'did:web:learn.example.org%2Fevil.example#key-1', 'proof.method_malformed'],
  ['a did:web with a user', 'did:web:learn.example.org%40evil.example#key-1', 'proof.method_malformed'],
  ['a did:web with capitals', 'did:web:Learn.example.org#key-1', 'proof.method_malformed'],
  ['a did:web on an IPv4 address', 'did:web:127.0.0.1#key-1', 'proof.method_malformed'],
  ['a did:web on an address in decimal', 'did:web:2130706433#key-1', 'proof.method_malformed'],
  ['a did:web on an IPv6 address', 'did:web:%5B%3A%3A1%5D#key-1', 'proof.method_malformed'],
  ['a did:web on localhost', 'did:web:localhost#key-1', 'proof.method_malformed'],
  ['a did:web with a trailing dot', 'did:web:learn.example.org.#key-1', 'proof.method_malformed'],
  ['a did:web that climbs out of its path', 'did:web:learn.example.org:..:admin#key-1', 'proof.method_malformed'],
  ['a did:web with an empty path segment', 'did:web:learn.example.org::admin#key-1', 'proof.method_malformed'],
  ['a did:web with a percent-encoded dot', 'did:web:learn%2Eexample.org#key-1', 'proof.method_malformed'],
  ['a did:web with a port that is no number', 'did:web:learn.example.org%3A80a#key-1', 'proof.method_malformed'],
  ['a did:web with a port beyond 65535', 'did:web:learn.example.org%3A99999#key-1', 'proof.method_malformed'],
  ['a did:web with a homoglyph', 'did:web:lеarn.example.org#key-1', 'proof.method_malformed'],
  ['a did:web on a port of the same host', 'did:web:learn.example.org%3A8443#key-1', 'proof.key_unreachable'],
  ['a did:web below the issuer’s path', 'did:web:learn.example.org:users:mallory#key-1', 'proof.key_unreachable'],
]
for (const [name, verificationMethod, reason] of trickyMethods) forge(name, reason, withProof({ verificationMethod }))

// ---- The issuer ----

const others = { key: strangerKey, verificationMethod: strangerMethod }
forge('signed by a stranger in the issuer’s name', 'issuer.mismatch', await signed(unsigned, others))
forge('an issuer that is a text with the same name', 'issuer.mismatch', await signed(changed(unsigned, ['issuer'], issuerId), others))
forge('the issuer’s identity in capitals', 'issuer.mismatch', await signed(changed(unsigned, ['issuer', 'id'], 'did:web:LEARN.example.org')))
forge('the issuer’s identity with a path', 'issuer.mismatch', await signed(changed(unsigned, ['issuer', 'id'], `${issuerId}:school`)))
forge('the issuer’s identity with a fragment', 'issuer.mismatch', await signed(changed(unsigned, ['issuer', 'id'], method)))
forge('no issuer', 'issuer.missing', await signed(changed(unsigned, ['issuer'], undefined)))
forge('an issuer without id', 'issuer.missing', await signed(changed(unsigned, ['issuer', 'id'], undefined)))
forge('an impostor with the same name and logo', 'status.list_foreign', await signed(changed(unsigned, ['issuer', 'id'], strangerId), others))
forge('an impostor with the same name and no status', 'registry.unlisted', await signed(changed(changed(unsigned, ['issuer', 'id'], strangerId), ['credentialStatus'], undefined), others), { verdict: 'unknown_issuer' })
forge('an address as issuer, signed by anybody', 'issuer.unconfirmed', await signed(changed(changed(unsigned, ['issuer', 'id'], 'https://learn.example.org/issuer'), ['credentialStatus'], undefined), others), { verdict: 'unknown_issuer' })
forge('an address as issuer, with a key that comes along', 'issuer.self_stated', await signed(changed(changed(unsigned, ['issuer', 'id'], 'https://learn.example.org/issuer'), ['credentialStatus'], undefined), { key: strangerKey, verificationMethod: `https://learn.example.org/issuer#${encodeMultikey(strangerKey.publicKey)}` }), { verdict: 'unknown_issuer' })

// ---- Status ----

const revocation = (list: Json | undefined): Pick<Forgery, 'world'> => ({ world: { lists: { [revocationList]: list } } })
const openStatus = (list: Json | undefined): Pick<Forgery, 'world' | 'verdict'> => ({ ...revocation(list), verdict: 'unknown_issuer' })
const bomb = encodeMultibase(gzipSync(Buffer.alloc(200_000_000)), 'base64url')
const short = encodeMultibase(gzipSync(Buffer.alloc(100)), 'base64url')
const clear = await statusList(revocationList, 'revocation')
forge('revoked', 'status.revoked', genuine, revocation(await statusList(revocationList, 'revocation', [94_567])))
forge('suspended', 'status.suspended', genuine, { world: { lists: { [suspensionList]: await statusList(suspensionList, 'suspension', [1_203]) } } })
forge('revoked, on a list that is out of date', 'status.revoked', genuine, revocation(await statusList(revocationList, 'revocation', [94_567], { validUntil: '2026-11-23T00:00:01Z' })))
forge('a list that does not answer', 'status.unreachable', genuine, openStatus(undefined))
forge('a list that is a web page', 'status.list_malformed', genuine, openStatus('<html>not found</html>'))
forge('a list that is a JSON list', 'status.list_malformed', genuine, openStatus('[]'))
forge('a list of 2 MB', 'status.list_too_large', genuine, openStatus(JSON.stringify({ pad: 'x'.repeat(2_000_000) })))
forge('a list that says the same twice', 'status.list_malformed', genuine, openStatus(`{"id":1,${JSON.stringify(clear).slice(1)}`))
forge('a list without signature', 'status.list_unsigned', genuine, openStatus(plainStatusList(revocationList, 'revocation')))
forge('a list with a flipped bit', 'status.list_signature_wrong', genuine, revocation(changed(clear, ['credentialSubject', 'encodedList'], ((await statusList(revocationList, 'revocation', [3]))['credentialSubject'] as JsonObject)['encodedList'])))
forge('a list that was changed after signing', 'status.list_signature_wrong', genuine, revocation({ ...(await statusList(revocationList, 'revocation', [94_567])), credentialSubject: clear['credentialSubject'] as Json }))
forge('a list of another issuer', 'status.list_foreign', genuine, revocation(await statusList(revocationList, 'revocation', [], { issuer: strangerId }, {}, others)))
forge('a list that a stranger signed in the issuer’s name', 'status.list_foreign', genuine, revocation(await statusList(revocationList, 'revocation', [], {}, {}, others)))
forge('a stale list', 'status.list_stale', genuine, openStatus(await statusList(revocationList, 'revocation', [], { validUntil: '2026-11-23T00:00:01Z' })))
forge('a list from the future', 'status.list_not_yet', genuine, openStatus(await statusList(revocationList, 'revocation', [], { validFrom: '2026-11-23T23:00:00Z' })))
forge('a list for another purpose', 'status.list_other_purpose', genuine, openStatus(await statusList(revocationList, 'suspension')))
forge('another list of the same issuer', 'status.list_other', genuine, openStatus(await statusList('https://learn.example.org/status/2025', 'revocation')))
forge('a list that is no list', 'status.list_malformed', genuine, openStatus(genuine))
forge('a list that is a gzip bomb', 'status.list_malformed', genuine, openStatus(await statusList(revocationList, 'revocation', [], {}, { encodedList: bomb })))
forge('a list that is too short to hide in', 'status.list_malformed', genuine, openStatus(await statusList(revocationList, 'revocation', [], {}, { encodedList: short })))
forge('a list that is not gzip', 'status.list_malformed', genuine, openStatus(await statusList(revocationList, 'revocation', [], {}, { encodedList: 'uAAAAAAAA' })))
forge('a list in another encoding', 'status.list_malformed', genuine, openStatus(await statusList(revocationList, 'revocation', [], {}, { encodedList: 'H4sIAAAA' })))
forge('a place beyond the list', 'status.index_outside', await signed(buildAchievementCredential({ ...parts, status: { statusListCredential: revocationList, index: 131_072, purpose: 'revocation' } })))
forge('a status kept in an unknown way', 'status.type_unknown', await signed(changed(changed(unsigned, ['@context', 2], { TrustMeStatus: 'https://example.org/#TrustMeStatus' }), ['credentialStatus'], { id: 'https://example.org/status', type: 'TrustMeStatus' })), { verdict: 'unknown_issuer' })
forge('five status lists', 'status.too_many', await signed(buildAchievementCredential({ ...parts, status: [1, 2, 3, 4, 5].map((index) => ({ statusListCredential: revocationList, index, purpose: 'revocation' as const })) })), { verdict: 'unknown_issuer' })
for (const [name, list] of [['a file', 'file:///etc/passwd'], ['a script', 'javascript:alert(1)'], ['a data address', 'data:application/json,{}'], ['an FTP server', 'ftp://evil.example/list']] as const) {
  forge(`a status list in ${name}`, 'status.entry_malformed', await signed(buildAchievementCredential({ ...parts, status: { statusListCredential: list, index: 1, purpose: 'revocation' } })))
}
for (const host of ['127.0.0.1', '169.254.169.254', '[::1]', '10.0.0.8', 'localhost', '2130706433', '[::ffff:127.0.0.1]']) {
  forge(`a status list on ${host}, which the guarded fetcher does not ask`, 'status.unreachable', await signed(buildAchievementCredential({ ...parts, status: { statusListCredential: `https://${host}/status`, index: 1, purpose: 'revocation' } })), { verdict: 'unknown_issuer' })
}
const listed = await signed(changed(changed(unsigned, ['@context', 2], 'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json'), ['credentialStatus'], { id: 'https://learn.example.org/revocations', type: '1EdTechRevocationList' }))
const revocations = (list: Json): Pick<Forgery, 'world'> => ({ world: { lists: { 'https://learn.example.org/revocations': list } } })
forge('revoked on a 1EdTech revocation list', 'status.revoked', listed, revocations({ id: 'https://learn.example.org/revocations', issuer: issuerId, revokedCredentials: [{ id: parts.id }] }))
forge('a 1EdTech revocation list of another issuer', 'status.list_foreign', listed, revocations({ issuer: 'did:web:other.example.org', revokedCredentials: [] }))
forge('a 1EdTech revocation list that is none', 'status.list_malformed', listed, { ...revocations({ revoked: 'none' }), verdict: 'unknown_issuer' })

// ---- Time ----

forge('expired', 'dates.expired', genuine, { world: { now: Date.parse('2029-10-14T09:00:01Z') } })
forge('not yet in force', 'dates.not_yet', genuine, { world: { now: Date.parse('2026-10-14T08:59:59Z') } })

forge('a second signature made from the first', 'proof.signature_wrong', withProof({ proofValue: encodeMultibase(secondSignature(decodeMultibase(proofOf(genuine)['proofValue'] as string, 'base58btc')), 'base58btc') }))

// ---- Graphs that cost too much to bring into canonical form ----

const node = (at: number, size: number): JsonObject => ({ type: ['Evidence'], name: 'same', ...(size > 0 ? { narrative: 'same' } : {}), id: `_:b${at}` })
forge('blank nodes by name', 'contexts.repeated_node', { ...genuine, evidence: [node(1, 1), node(1, 1)] })
// Every node points at every other: 40 identical blank nodes, which have to be told apart by trying orders (RDFC-1.0, "poison graph").
const clique = (size: number): JsonObject[] => Array.from({ length: size }, (_, i) => ({ id: `_:p${i}`, type: ['Profile'], endorsement: [], parentOrg: { id: `_:p${(i + 1) % size}`, type: ['Profile'], parentOrg: { id: `_:p${(i + 7) % size}`, type: ['Profile'] } } }))
forge('a poison graph', 'proof.too_complex', { ...genuine, credentialSubject: { ...(genuine['credentialSubject'] as JsonObject), source: { id: '_:r', type: ['Profile'], otherIdentifier: [], parentOrg: clique(40) as unknown as Json } } })
forge('thirty thousand statements', 'proof.too_complex', changed(genuine, subject('achievement', 'tag'), Array.from({ length: 30_000 }, (_, at) => `tag ${at}`)))

test('every forgery has a name of its own and a reason from the closed list', () => {
  const known = new Set<string>(reasonCodes)
  assert.equal(new Set(forgeries.map((one) => one.name)).size, forgeries.length)
  for (const one of forgeries) assert.ok(known.has(one.reason), one.reason)
})

/** Milliseconds of the processor, which a busy machine does not stretch as it does those of the clock. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

test(`none of ${forgeries.length} forgeries is trusted, each gets its reason, and none takes two seconds of CPU time`, async (t) => {
  assert.ok(forgeries.length >= 200, `${forgeries.length}`)
  const { wrong, shown, slowest } = await judge(forgeries, cpuMs)
  t.diagnostic(`the slowest: ${slowest.name}, ${slowest.ms.toFixed(0)} ms`)
  t.diagnostic(`law ${JSON.stringify({ law: 'Named forgeries of documents, each refused for its own reason within two seconds', cases: forgeries.length, long: forgeries.length })}`)
  assert.deepEqual(wrong, [])
  assert.deepEqual(shown, [])
  assert.ok(slowest.ms < 2_000)
})

test('nothing is fetched for a credential whose signature does not hold, whatever addresses it is full of', async () => {
  const addresses = ['http://169.254.169.254/latest/', 'https://127.0.0.1/', 'file:///etc/passwd', 'https://[::1]/x', 'gopher://evil.example/']
  const asked: string[] = []
  const listening: VerifyOptions = {
    ...surroundings(),
    resolveDid: async (id) => (id === issuerId ? issuerDocument : (asked.push(id), undefined)),
    fetchStatusList: async (url) => (asked.push(url), undefined),
    fetchRefresh: async (url) => (asked.push(url), undefined),
  }
  let tried = 0
  const places: readonly (readonly (string | number)[])[] = [['id'], ['issuer', 'url'], ['credentialStatus', 0, 'statusListCredential'], ['credentialStatus', 0, 'id'], ['evidence', 0, 'id'], subject('achievement', 'id'), subject('achievement', 'image', 'id'), subject('achievement', 'criteria', 'id'), subject('achievement', 'alignment', 0, 'targetUrl'), ['refreshService'], ['credentialSchema'], ['termsOfUse'], ['@context', 1], ['proof', 'id']]
  for (const address of addresses) {
    for (const path of places) {
      const last = path.at(-1)
      const value: Json = last === 'refreshService' || last === 'credentialSchema' || last === 'termsOfUse' ? { id: address, type: '1EdTechCredentialRefresh' } : address
      const report = await verifyCredential(JSON.stringify(changed(genuine, path, value)), listening)
      assert.equal(report.verdict, 'not_proved', `${path.join('.')} ${address}`)
      tried++
    }
  }
  assert.equal(tried, addresses.length * places.length)
  assert.deepEqual(asked, [])
})

test('a JCS proof covers every word, so there a renamed property does not hold either', async () => {
  const jcs = await signed(unsigned, { cryptosuite: 'eddsa-jcs-2022' })
  assert.equal((await verifyCredential(JSON.stringify(jcs), surroundings())).verdict, 'trusted')
  const renamed = await verifyCredential(JSON.stringify(changed(jcs, ['name'], 'x')), surroundings())
  assert.equal(renamed.reason, 'proof.signature_wrong')
})
