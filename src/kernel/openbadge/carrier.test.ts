import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { crc32, deflateSync } from 'node:zlib'
import fc from 'fast-check'
import { isFault } from '#kernel/fault'
import { unbake } from './carrier.ts'
import { bakePng } from './png.ts'
import { bakeSvg } from './svg.ts'
import type { CarrierFaultCode } from './unbaked.ts'

const shared = new URL('../../../../shared/fixtures/standards/open-badges-3.0/', import.meta.url)
const skip = existsSync(shared) ? false : 'the folder ../shared is absent'
const jws = 'eyJhbGciOiJFZERTQSJ9.eyJhIjoxfQ.c2ln'

const chunk = (type: string, data: Uint8Array): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.byteLength, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}
const itxt = (keyword: string, text: string, flag = 0): Buffer => chunk('iTXt', Buffer.concat([Buffer.from(keyword), Buffer.of(0, flag, 0, 0, 0), Buffer.from(text)]))
const head = Buffer.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)
// One grey pixel.
const ihdr = chunk('IHDR', Buffer.of(0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0))
const idat = chunk('IDAT', deflateSync(Buffer.of(0, 128)))
const iend = chunk('IEND', Buffer.alloc(0))
const png = (...chunks: Buffer[]): Uint8Array => new Uint8Array(Buffer.concat([head, ...chunks]))
const plainPng = png(ihdr, idat, iend)
const plainSvg = '<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="3"/></svg>'

const code = (input: Uint8Array | string): CarrierFaultCode | undefined => {
  const found = unbake(input)
  return found.ok ? undefined : found.code
}

test('the credentials in the Open Badges pictures are found', { skip }, (t) => {
  const { files } = JSON.parse(readFileSync(new URL('expected.json', shared), 'utf8')) as { files: { file: string; container: string; securing: string }[] }
  let taken = 0
  for (const { file, container, securing } of files) {
    const found = unbake(readFileSync(new URL(file, shared)))
    assert.ok(found.ok, file)
    assert.equal(found.carrier, container === 'jwt' || container === 'png' || container === 'svg' ? container : 'json', file)
    if (securing.startsWith('JWS')) assert.equal(found.text.split('.').length, 3, file)
    else assert.ok(JSON.parse(found.text), file)
    taken++
  }
  assert.ok(taken >= 46)
  t.diagnostic(`conformance ${JSON.stringify({ suite: 'open-badges-3.0, carriers', passed: taken, aside: [] })}`)
})

test('what is baked comes out again, from PNG and SVG, JSON and JWS, whatever the text holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (name) => {
      const json = JSON.stringify({ '@context': [], name: name.toWellFormed(), trap: ']]> <x> &amp; " \ufffe' })
      const fromPng = unbake(bakePng(plainPng, json))
      assert.deepEqual(fromPng, { ok: true, carrier: 'png', text: json })
      const fromSvg = unbake(bakeSvg(plainSvg, json))
      assert.ok(fromSvg.ok)
      assert.deepEqual(JSON.parse(fromSvg.text), JSON.parse(json))
    }),
    { seed: 20261124, numRuns: 300 },
  )
  assert.deepEqual(unbake(bakePng(plainPng, jws)), { ok: true, carrier: 'png', text: jws })
  assert.deepEqual(unbake(bakeSvg(plainSvg, jws)), { ok: true, carrier: 'svg', text: jws })
})

test('baking again replaces, also a badge of Open Badges 2.0, and leaves the picture as it was', () => {
  const first = bakePng(plainPng, '{"@context":[],"n":1}')
  assert.deepEqual(bakePng(first, jws), bakePng(plainPng, jws))
  assert.deepEqual(bakePng(png(ihdr, chunk('tEXt', Buffer.from('openbadges\0https://example.org/a')), idat, iend), jws), bakePng(plainPng, jws))
  const once = bakeSvg(plainSvg, '{"@context":[],"n":1}')
  assert.deepEqual(unbake(bakeSvg(once, jws)), { ok: true, carrier: 'svg', text: jws })
  assert.equal(once.match(/xmlns:openbadges/g)?.length, 1)
  const older = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="https://example.org/a"/><g/></svg>'
  const rebaked = bakeSvg(older, jws)
  assert.deepEqual(unbake(rebaked), { ok: true, carrier: 'svg', text: jws })
  assert.doesNotMatch(rebaked, /assertion/)
})

test('badges of Open Badges 2.0 are recognised and named', () => {
  assert.equal(code(png(ihdr, itxt('openbadges', '{}'), idat, iend)), 'open_badges_2')
  assert.equal(code('<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="http://openbadges.org"><openbadges:assertion verify="x"/></svg>'), 'open_badges_2')
})

test('pictures that are broken, empty, ambiguous or compressed are refused, each with its code', () => {
  const credential = itxt('openbadgecredential', '{}')
  assert.equal(code(plainPng), 'png_no_credential')
  assert.equal(code(png(ihdr, credential, credential, idat, iend)), 'png_several_credentials')
  assert.equal(code(png(ihdr, itxt('openbadgecredential', '{}', 1), idat, iend)), 'png_compressed')
  assert.equal(code(png(ihdr, chunk('zTXt', Buffer.from('openbadgecredential\0\0x')), idat, iend)), 'png_compressed')
  assert.equal(code(png(ihdr, credential, idat)), 'png_broken')
  assert.equal(code(png(idat, ihdr, iend)), 'png_broken')
  assert.equal(code(png(ihdr, ...Array.from({ length: 4200 }, () => chunk('teSt', Buffer.alloc(0))), iend)), 'png_too_many_chunks')
  const longer = Buffer.from(credential)
  longer.writeUInt32BE(0xffff_fff0, 0)
  assert.equal(code(png(ihdr, longer, iend)), 'png_broken')
  const flipped = Buffer.from(credential)
  flipped[30] = (flipped[30] as number) ^ 1
  assert.equal(code(png(ihdr, flipped, idat, iend)), 'png_checksum')
  assert.equal(code(png(ihdr, chunk('iTXt', Buffer.concat([Buffer.from('openbadgecredential\0\0\0\0\0'), Buffer.of(0xff, 0xfe)])), idat, iend)), 'not_utf8')
})

test('SVG with entities, broken nesting, strange depth or two credentials is refused; comments and CDATA are not searched', () => {
  const wrap = (inner: string): string => `<svg xmlns="http://www.w3.org/2000/svg" xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0">${inner}</svg>`
  const baked = `<openbadges:credential verify="${jws}"/>`
  assert.equal(code(wrap(baked)), undefined)
  assert.equal(code(wrap(baked + baked)), 'svg_several_credentials')
  assert.equal(code(wrap(`<openbadges:credential verify="${jws}">{}</openbadges:credential>`)), 'svg_several_credentials')
  assert.equal(code(wrap(`<!-- ${baked} --><![CDATA[${baked}]]>`)), 'svg_no_credential')
  assert.equal(code(wrap(`<other:credential xmlns:other="https://example.org/" verify="${jws}"/>`)), 'svg_no_credential')
  assert.equal(code(wrap(`<o:credential xmlns:o="https://purl.imsglobal.org/ob/v3p0" verify="${jws}"/>`)), undefined)
  assert.equal(code(`<!DOCTYPE svg [<!ENTITY a "b">]>${wrap(baked)}`), 'svg_entities')
  assert.equal(code(wrap('<text>&lol;</text><openbadges:credential>&lol;</openbadges:credential>')), 'svg_entities')
  assert.equal(code(wrap('<g>') ), 'svg_broken')
  assert.equal(code(wrap('<g></a></g>')), 'svg_broken')
  assert.equal(code(wrap('<g a="1" a="2"/>')), 'svg_broken')
  assert.equal(code(wrap('<g>'.repeat(300) + '</g>'.repeat(300))), 'svg_too_deep')
  assert.equal(code(`<html xmlns="http://www.w3.org/1999/xhtml"></html>`), 'unknown_kind')
})

test('a hostile SVG of 1 MB is read in well under a second', () => {
  const prefixes = Array.from({ length: 20_000 }, (_, at) => ` xmlns:p${at}="urn:${at}"`).join('')
  const children = Array.from({ length: 20_000 }, (_, at) => `<a xmlns:q="${at}"/>`).join('')
  const before = process.hrtime.bigint()
  assert.equal(code(`<svg xmlns="http://www.w3.org/2000/svg"${prefixes}>${children}</svg>`), 'svg_no_credential')
  assert.equal(code(`<svg xmlns="http://www.w3.org/2000/svg">${'<a '.repeat(300_000)}`), 'svg_broken')
  assert.ok(Number(process.hrtime.bigint() - before) < 1e9)
})

test('a credential attached to a PDF is found, inflated within bounds; other PDFs are refused, each with its code', () => {
  const object = (dictionary: string, content: Buffer): Buffer => Buffer.concat([Buffer.from(`7 0 obj\n<< ${dictionary} /Length ${content.length} >>\nstream\n`), content, Buffer.from('\nendstream\nendobj\n')])
  const pdf = (...objects: Buffer[]): Buffer => Buffer.concat([Buffer.from('%PDF-1.7\n'), ...objects, Buffer.from('%%EOF\n')])
  const json = '{"@context":["https://www.w3.org/ns/credentials/v2"]}'
  const attached = object('/Type /EmbeddedFile /Subtype /application#2Fjson /Filter /FlateDecode', deflateSync(json))
  assert.deepEqual(unbake(pdf(attached)), { ok: true, carrier: 'pdf', text: json })
  assert.deepEqual(unbake(pdf(object('/Type /EmbeddedFile', Buffer.from(jws)))), { ok: true, carrier: 'pdf', text: jws })
  assert.equal(code(pdf()), 'pdf_no_credential')
  assert.equal(code(pdf(object('/Type /EmbeddedFile', Buffer.from('just a note')))), 'pdf_no_credential')
  assert.equal(code(pdf(attached, attached)), 'pdf_several_credentials')
  assert.equal(code(pdf(object('/Type /EmbeddedFile /Filter /FlateDecode', deflateSync(Buffer.alloc(20_000_000))))), 'pdf_too_large_inside')
  assert.equal(code(pdf(object('/Type /EmbeddedFile /Filter [/FlateDecode /FlateDecode]', deflateSync(deflateSync(json))))), 'pdf_no_credential')
  assert.equal(code(pdf(Buffer.from('trailer << /Encrypt 9 0 R >>'), attached)), 'pdf_encrypted')
  assert.equal(code('%PDF-1.7\nnothing else'), 'pdf_broken')
})

test('text is told apart: JSON, tokens, addresses, encrypted tokens, and what is none of these', () => {
  assert.deepEqual(unbake(' {"a":1}\n'), { ok: true, carrier: 'json', text: '{"a":1}' })
  assert.deepEqual(unbake(`${jws}\n`), { ok: true, carrier: 'jwt', text: jws })
  assert.deepEqual(unbake(`${jws}~WyJhIl0~`), { ok: true, carrier: 'sd-jwt', text: `${jws}~WyJhIl0~` })
  assert.equal(code('https://example.org/c/1'), 'address_given')
  assert.equal(code('a.b.c.d.e'), 'jwe')
  assert.equal(code('hello there'), 'unknown_kind')
  assert.equal(code(''), 'empty')
  assert.equal(code(Uint8Array.of(0xff, 0xfe, 0x00)), 'not_utf8')
  assert.equal(code('x'.repeat(1_048_577)), 'too_large')
})

test('what is no picture cannot be baked into, and says so', () => {
  assert.throws(() => bakePng(Uint8Array.of(1, 2, 3), jws), (error) => isFault(error) && error.code === 'openbadge.not_a_picture')
  assert.throws(() => bakeSvg('<html/>', jws), (error) => isFault(error) && error.code === 'openbadge.not_a_picture')
  assert.throws(() => bakeSvg('<svg', jws), (error) => isFault(error) && error.code === 'openbadge.not_a_picture')
})
