import { hash } from 'node:crypto'
import type { Quad, Term } from 'jsonld'
import { fault } from './faults.ts'
import type { JsonObject } from './json.ts'
import { escapeLiteral, literalSuffix, sortedOnce, termsOf, termText } from './nquads.ts'
import { canonicalizeRdf, type ContextSource, toDataset } from './rdf.ts'
import { type Skeleton, skeletonOf } from './slot.ts'

/**
 * The canonical form of all credentials with one skeleton, worked out once; a credential is then a few texts spliced into known lines.
 *
 * Why this is exact. JSON-LD maps a document to quads by its names, contexts and structure; a text in a slot only ends up, whole, as a literal or as an
 * address. That it does is checked at compile time: every slot is given a unique address, which must come out whole. What could make a text
 * mean something else (a relative address, a prefix, a blank node, half a character, an unusual scheme) is not spliced: `render` returns undefined and
 * the general road is taken. Blank nodes are labelled by the order of their first-degree hashes (RDFC-1.0 §4.4 step 4), which is recomputed where a slot takes
 * part; where two are equal the general road is taken. Nodes that become equal only make equal lines, which a set has once.
 */
export interface Template {
  readonly skeleton: Skeleton
  /** The canonical N-Quads, or undefined when these texts have to go the general road. */
  readonly render: (values: readonly string[]) => string | undefined
}

/** One term of a line: text that stays, or the number of a slot or of a blank node. */
type Piece = string | { readonly slot: number } | { readonly blank: number }

interface Line {
  readonly pieces: readonly Piece[]
  readonly slots: boolean
  readonly blanks: readonly number[]
}

/** Addresses that are spliced: known schemes that no context uses as a prefix (tried at compile time), printable ASCII, nothing that N-Quads would escape. */
const spliceable = /^(?:https?:\/\/|did:[a-z0-9]+:|urn:[a-z0-9][a-z0-9-]*:)[!#-;=?-[\]_a-z~]+$/

/** Fillings tried against the general road when a template is made: each scheme in every place, and texts with all that is escaped. */
const trials: readonly ((slot: number, iri: boolean) => string)[] = [
  (slot, iri) => (iri ? `https://slot.example/${slot}?a=b#c` : `"${slot}" \\ \n\r\t\b\f\u0000\u001f\u007f\u0080é𝄞`),
  (slot, iri) => (iri ? `did:example:${slot}` : `${slot}`),
  (slot, iri) => (iri ? `urn:uuid:${slot}` : `_:b${slot}`),
  (slot, iri) => (iri ? `http://slot.example/${slot}` : `@value ${slot}`),
]

/**
 * Compiles the template of a document.
 *
 * @param document  a credential without proof
 * @param varying   JSON pointers of what varies, `*` for any member (see `skeletonOf`)
 * @throws Fault `proof.not_canonical_rdf` when the document itself has no canonical form; `proof.template_unsafe` when a slot does not come out whole,
 *         holds a type or a context, or a trial filling comes out otherwise than by the general road
 * Measured: 25 ms to compile, 2.3 µs to render 40 lines, against 1.8 ms by the general road.
 */
export async function compileTemplate(document: JsonObject, varying: readonly string[], contexts: ContextSource): Promise<Template> {
  const skeleton = skeletonOf(document, varying)
  for (const pointer of skeleton.pointers) {
    if (/\/(?:@context|@type|type|@language|language)(?:\/|$)/.test(pointer)) throw fault.template_unsafe({ reason: `${pointer} decides about meaning and cannot vary` })
  }
  const text = JSON.stringify(document)
  let stem = 'urn:laurel-slot:'
  while (text.includes(stem)) stem += 'x'
  const marks = skeleton.pointers.map((_, i) => `${stem}${i}.`)
  const dataset = await toDataset(skeleton.fill(marks), contexts)
  if (!dataset.ok) throw fault.not_canonical_rdf({ reason: dataset.detail })
  const compiled = compile(dataset.quads, marks, stem)
  for (const trial of trials) {
    const values = marks.map((_, i) => trial(i, compiled.isAddress[i] as boolean))
    const general = await canonicalizeRdf(skeleton.fill(values), contexts)
    if (!general.ok) throw fault.template_unsafe({ reason: general.detail })
    const rendered = compiled.render(values)
    if (rendered !== undefined && rendered !== general.nquads) throw fault.template_unsafe({ reason: 'a trial filling came out differently' })
  }
  return Object.freeze({ skeleton, render: compiled.render })
}

interface Compiled {
  readonly isAddress: readonly boolean[]
  readonly render: (values: readonly string[]) => string | undefined
}

function compile(quads: readonly Quad[], marks: readonly string[], stem: string): Compiled {
  const isAddress = marks.map(() => false)
  const isLiteral = marks.map(() => false)
  const blankNumbers = new Map<string, number>()
  const piecesOf = (term: Term): Piece[] => {
    if (term.termType === 'BlankNode') {
      let blank = blankNumbers.get(term.value)
      if (blank === undefined) blankNumbers.set(term.value, (blank = blankNumbers.size))
      return [{ blank }]
    }
    const slot = marks.indexOf(term.value)
    if (slot < 0) {
      if (term.value.includes(stem) || term.datatype?.value.includes(stem)) throw fault.template_unsafe({ reason: 'a varying text does not come out whole' })
      return [termText(term, () => '')]
    }
    if (term.termType === 'NamedNode') {
      isAddress[slot] = true
      return ['<', { slot }, '>']
    }
    isLiteral[slot] = true
    return ['"', { slot }, `"${literalSuffix(term)}`]
  }
  const lines = quads.map((quad): Line => {
    const pieces = joined([...termsOf(quad).flatMap((term) => [...piecesOf(term), ' ']), '.\n'])
    return {
      pieces,
      slots: pieces.some((piece) => typeof piece === 'object' && 'slot' in piece),
      blanks: [...new Set(pieces.flatMap((piece) => (typeof piece === 'object' && 'blank' in piece ? [piece.blank] : [])))],
    }
  })
  marks.forEach((_, slot) => {
    if (isAddress[slot] === isLiteral[slot]) throw fault.template_unsafe({ reason: 'a varying text is dropped, or is text in one place and an address in another' })
  })
  return { isAddress, render: renderer(lines, isAddress, blankNumbers.size) }
}

function renderer(lines: readonly Line[], isAddress: readonly boolean[], blanks: number): Compiled['render'] {
  const numbers = Array.from({ length: blanks }, (_, blank) => blank)
  const about = numbers.map((blank) => lines.filter((line) => line.blanks.includes(blank)))
  /** Hash First Degree Quads, RDFC-1.0 §4.6. Equal quads count once, but different ones that look alike there count each. */
  const firstDegree = numbers.map((blank) => firstDegreeOf(blank, about[blank] as Line[]))
  const hashOf = (blank: number, texts: readonly string[]) => (firstDegree[blank] as (texts: readonly string[]) => string)(texts)
  const fixedHash = numbers.map((blank) => ((about[blank] as Line[]).some((line) => line.slots) ? undefined : hashOf(blank, [])))
  // Most templates have one labelling; those whose blank nodes hold slots have a few, and each is worked out when it first occurs.
  const byOrder = new Map<string, Labelled>()
  const only = fixedHash.every((hash) => hash !== undefined) ? orderOf(fixedHash as string[]) : undefined
  const labelled = (order: readonly number[]): Labelled => {
    const key = order.join()
    let found = byOrder.get(key)
    if (found === undefined) {
      found = label(lines, order)
      if (byOrder.size < 64) byOrder.set(key, found)
    }
    return found
  }

  return (values) => {
    const texts: string[] = []
    for (let slot = 0; slot < isAddress.length; slot++) {
      const value = values[slot] as string
      if (isAddress[slot]) {
        if (!spliceable.test(value)) return undefined
        texts.push(value)
      } else {
        if (!value.isWellFormed()) return undefined
        texts.push(escapeLiteral(value))
      }
    }
    const order = only ?? (blanks === 0 ? [] : orderOf(fixedHash.map((hash, number) => hash ?? hashOf(number, texts))))
    return order === 'tied' ? undefined : spliced(labelled(order), texts)
  }
}

/**
 * The hash of one blank node as a function of the texts. Mostly the lines about it differ before their slots begin, so that no text can change their order or make two of them
 * equal: then they are joined as they stand. Where one line begins like another, they are compared for each filling.
 */
function firstDegreeOf(blank: number, lines: readonly Line[]): (texts: readonly string[]) => string {
  const shown = (line: Line, texts: readonly string[]) => write(line, texts, (other) => (other === blank ? '_:a' : '_:z'))
  const whole = (line: Line, texts: readonly string[]) => write(line, texts, (other) => `_:${other}`)
  const fixed = new Map(lines.filter((line) => !line.slots).map((line) => [whole(line, []), shown(line, [])]))
  const varying = lines.filter((line) => line.slots)
  const pieces = varying.map((line) => joined(line.pieces.map((piece) => (typeof piece === 'object' && 'blank' in piece ? (piece.blank === blank ? '_:a' : '_:z') : piece))) as readonly (string | { readonly slot: number })[])
  const beginnings = [...[...fixed.values()].map((text) => [text]), ...pieces].map((line) => (typeof line[0] === 'string' ? line[0] : ''))
  if (beginnings.every((one, i) => beginnings.every((other, j) => i === j || !other.startsWith(one)))) {
    const inOrder = [...[...fixed.values()].map((text): readonly (string | { readonly slot: number })[] => [text]), ...pieces].sort((a, b) => ((a[0] as string) < (b[0] as string) ? -1 : 1))
    const all = joined(inOrder.flat()) as readonly (string | { readonly slot: number })[]
    return (texts) => {
      let text = ''
      for (const piece of all) text += typeof piece === 'string' ? piece : (texts[piece.slot] as string)
      return hash('sha256', text)
    }
  }
  return (texts) => {
    const seen = new Set(fixed.keys())
    const all = [...fixed.values()]
    for (const line of varying) {
      const said = whole(line, texts)
      if (seen.has(said)) continue
      seen.add(said)
      all.push(shown(line, texts))
    }
    return hash('sha256', all.sort().join(''))
  }
}

/** The blank nodes in the order of their hashes, or that two hashes are equal. */
function orderOf(hashes: readonly string[]): readonly number[] | 'tied' {
  const order = hashes.map((_, number) => number).sort((a, b) => ((hashes[a] as string) < (hashes[b] as string) ? -1 : 1))
  return order.some((number, rank) => rank > 0 && hashes[number] === hashes[order[rank - 1] as number]) ? 'tied' : order
}

/** The lines under one labelling of the blank nodes: those that stay, sorted and joined, and those that vary, as text and slots in turn. */
interface Labelled {
  readonly fixed: readonly string[]
  readonly text: string
  /** Where each fixed line begins in `text`, and its length at the end. */
  readonly offsets: readonly number[]
  readonly varying: readonly (readonly (string | number)[])[]
}

function label(lines: readonly Line[], order: readonly number[]): Labelled {
  const blank = (number: number) => `_:c14n${order.indexOf(number)}`
  const fixed = sortedOnce(lines.filter((line) => !line.slots).map((line) => write(line, [], blank)))
  const offsets = [0]
  for (const line of fixed) offsets.push((offsets.at(-1) as number) + line.length)
  const varying = lines
    .filter((line) => line.slots)
    .map((line) => joined(line.pieces.map((piece) => (typeof piece === 'object' && 'blank' in piece ? blank(piece.blank) : piece))).map((piece) => (typeof piece === 'string' ? piece : (piece as { slot: number }).slot)))
  return { fixed, text: fixed.join(''), offsets, varying }
}

/** The varying lines put in their places among the fixed ones, which stay in one piece where nothing comes between them. */
function spliced({ fixed, text, offsets, varying }: Labelled, texts: readonly string[]): string {
  const lines: string[] = []
  for (const pieces of varying) {
    let line = ''
    for (const piece of pieces) line += typeof piece === 'string' ? piece : (texts[piece] as string)
    lines.push(line)
  }
  lines.sort()
  let result = ''
  let from = 0
  let before = ''
  for (const line of lines) {
    if (line === before) continue
    before = line
    let low = from
    let high = fixed.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((fixed[middle] as string) < line) low = middle + 1
      else high = middle
    }
    if (low > from) {
      result += text.slice(offsets[from], offsets[low])
      from = low
    }
    if (fixed[low] !== line) result += line
  }
  return result + text.slice(offsets[from])
}

function write(line: Line, texts: readonly string[], blank: (number: number) => string): string {
  let text = ''
  for (const piece of line.pieces) text += typeof piece === 'string' ? piece : 'slot' in piece ? (texts[piece.slot] as string) : blank(piece.blank)
  return text
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = []
  for (const piece of pieces) {
    if (typeof piece === 'string' && typeof result.at(-1) === 'string') result[result.length - 1] += piece
    else result.push(piece)
  }
  return result
}
