import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { faces, splitByFace } from './index.ts'

const files = join(import.meta.dirname, 'files')

test('every file is the one that its sum names, and every face has a file', () => {
  const sums = new Map(readFileSync(join(files, 'SHA256SUMS'), 'utf8').trim().split('\n').map((line) => [line.slice(66), line.slice(0, 64)] as const))
  const fonts = readdirSync(files).filter((name) => name.endsWith('.woff'))
  assert.deepEqual(fonts.toSorted(), [...sums.keys()].toSorted())
  for (const name of fonts) assert.equal(createHash('sha256').update(readFileSync(join(files, name))).digest('hex'), sums.get(name), name)
  assert.deepEqual(faces.map((face) => `${face.name}.woff`).toSorted(), fonts.toSorted())
})

test('an unpacked face is an sfnt file whose tables carry the sums that they state', () => {
  for (const face of faces) {
    const bytes = face.bytes()
    const view = new DataView(bytes.buffer)
    assert.ok([0x00010000, 0x4f54544f].includes(view.getUint32(0)), face.name)
    for (let i = 0; i < view.getUint16(4); i++) {
      const [tag, checksum, offset, length] = [0, 4, 8, 12].map((at) => view.getUint32(12 + 16 * i + at)) as [number, number, number, number]
      if (tag === 0x68656164) continue // 'head' holds an adjustment over the whole file
      let sum = 0
      for (let at = offset; at < offset + length; at += 4) sum = (sum + view.getUint32(at)) >>> 0
      assert.equal(sum, checksum, `${face.name}, table ${i}`)
    }
  }
})

test('a text is cut by the scripts in it, clusters stay whole, and punctuation stays with its neighbour', () => {
  const cut = (text: string) => splitByFace(text, 600).runs.map((run) => [run.text, run.face.family])
  assert.deepEqual(cut('Adaeze Nkechi Okonkwo'), [['Adaeze Nkechi Okonkwo', 'Noto Serif']])
  assert.deepEqual(cut('क्षितिज शर्मा'), [['क्षितिज शर्मा', 'Noto Serif Devanagari']])
  assert.deepEqual(cut('王小明 Wang'), [['王小明 ', 'Noto Serif SC'], ['Wang', 'Noto Serif']])
  assert.deepEqual(cut('فاطمة الزهراء'), [['فاطمة الزهراء', 'Noto Naskh Arabic']])
  assert.deepEqual(cut('Наталья'), [['Наталья', 'Noto Serif Cyrillic']])
})

test('letters of the ten languages and of their neighbours have a face; what has none is named', () => {
  for (const text of ['Łukasz Żółć', 'Nguyễn Thị Ánh Tuyết', 'İstanbul Şükrü', 'Óscar Ñuñez', 'Ökçe Ärmstrong ß', 'Қазақ Әлем', 'Ελένη', 'हिन्दी ज़्यादा ऋषि', 'پژمان گلزار', 'ٱلرَّحْمَٰن', '龙马精神', '’ “ ” – — … № €', 'e\u0301 decomposed']) {
    assert.deepEqual(splitByFace(text, 400).missing, [], text)
  }
  assert.deepEqual(splitByFace('ሰላም ok', 400).missing, ['ሰ', 'ላ', 'ም'])
})
