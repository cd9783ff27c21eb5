// Made by ./laurel generate from src/kernel/proof; do not edit. The kernel's own canonicaliser, for browsers.
// A fault of the kernel is here a plain error: the document is then said to be of another kind.
const fault = { not_canonical_json: ({ reason }) => new Error(reason) }
const { isObject } = (() => {
function isObject(value ) {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
function listOf(value ) {
  return value === undefined ? [] : Array.isArray(value) ? (value ) : [value ]
}
function without(object , member ) {
  const { [member]: _, ...rest } = object
  return rest
}
return { isObject }
})()
const { canonicalJson } = (() => {
const deepest = 512
function canonicalJson(value ) {
  return write(value, 0)
}
function write(value , depth ) {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
      if (!Number.isFinite(value)) throw fault.not_canonical_json({ reason: 'it has a number that is not finite' })
      return JSON.stringify(value)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      break
    default:
      throw new TypeError(`not JSON: ${typeof value}`)
  }
  if (value === null) return 'null'
  if (depth === deepest) throw fault.not_canonical_json({ reason: `it is nested more than ${deepest} deep` })
  if (Array.isArray(value)) {
    let text = '['
    for (let i = 0; i < value.length; i++) text += (i === 0 ? '' : ',') + write(value[i] , depth + 1)
    return text + ']'
  }
  const object = value
  let text = '{'
  for (const name of Object.keys(object).sort()) text += `${text.length === 1 ? '' : ','}${quote(name)}:${write(object[name] , depth + 1)}`
  return text + '}'
}
function quote(text ) {
  if (!text.isWellFormed()) throw fault.not_canonical_json({ reason: 'it has a text with half a character (a lone surrogate)' })
  return JSON.stringify(text)
}
return { canonicalJson }
})()
const { escapeIri, escapeLiteral } = (() => {
const langString = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#langString'
const xsdString = 'http://www.w3.org/2001/XMLSchema#string'
const inLiteral = /[\u0000-\u001f\u007f"\\]/
const inLiteralAll = new RegExp(inLiteral, 'g')
const inIri = /[\u0000-\u0020<>"{}|^`\\]/g
const short = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '"': '\\"', '\\': '\\\\' }
const long = (character ) => `\\u${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`
function escapeLiteral(text ) {
  return inLiteral.test(text) ? text.replace(inLiteralAll, (character) => short[character] ?? long(character)) : text
}
function literalSuffix(term ) {
  const datatype = term.datatype?.value ?? xsdString
  if (datatype === langString) return term.language ? `@${term.language}` : ''
  return datatype === xsdString ? '' : `^^<${escapeIri(datatype)}>`
}
function escapeIri(text ) {
  return text.replace(inIri, long)
}
function termText(term , blank ) {
  switch (term.termType) {
    case 'NamedNode':
      return `<${escapeIri(term.value)}>`
    case 'BlankNode':
      return blank(term.value)
    case 'Literal':
      return `"${escapeLiteral(term.value)}"${literalSuffix(term)}`
    case 'DefaultGraph':
      return ''
  }
}
function termsOf(quad ) {
  return quad.graph.termType === 'DefaultGraph' ? [quad.subject, quad.predicate, quad.object] : [quad.subject, quad.predicate, quad.object, quad.graph]
}
function sortedOnce(lines ) {
  lines.sort()
  let kept = 0
  for (let i = 0; i < lines.length; i++) if (i === 0 || lines[i] !== lines[i - 1]) lines[kept++] = lines[i]
  lines.length = kept
  return lines
}
return { escapeIri, escapeLiteral }
})()
const { derive, expandAddress, expandName, initialContext, isAbsolute, unusual } = (() => {
const unusual = Symbol('unusual')
const mostContexts = 4096
const mostNames = 4096
const homes = new WeakMap ()
function initialContext(source ) {
  let home = homes.get(source)
  if (home === undefined || home.count > mostContexts) {
    home = { source, count: 0, initial: undefined }
    home.initial = make(home, new Map(), undefined, undefined)
    homes.set(source, home)
  }
  return home.initial
}
function make(home , terms , vocab , previous ) {
  home.count++
  return { terms, vocab, previous, derived: { plain: new Map(), property: new Map(), type: new Map() }, names: new Map(), home }
}
function derive(active , local , mode ) {
  if (Array.isArray(local) && mode === 'plain') return (local ).reduce ((context, member) => derive(context, member, 'plain'), active)
  const known = active.derived[mode].get(local)
  if (known !== undefined) return known
  let context = active
  let previous = mode === 'type' ? (active.previous ?? active) : active.previous
  for (const member of resolved(local, active.home.source, 0)) {
    if (member === null) previous = undefined
    context = applied(context, member, previous, mode === 'property')
  }
  const result = context === active && previous !== active.previous ? make(active.home, active.terms, active.vocab, previous) : context
  active.derived[mode].set(local, result)
  return result
}
function resolved(local , source , depth ) {
  if (depth > 8) throw unusual
  if (local === null) return [null]
  if (Array.isArray(local)) return (local ).flatMap((member) => resolved(member, source, depth + 1))
  if (typeof local === 'string') {
    const document = source(local)
    if (document === undefined || document['@context'] === undefined) throw unusual
    return resolved(document['@context'], source, depth + 1)
  }
  if (isObject(local)) return [local]
  throw unusual
}
const knownMembers = new Set(['@id', '@type', '@container', '@context', '@protected', '@prefix'])
function applied(active , local , previous , overrides ) {
  if (local === null) {
    if (!overrides && [...active.terms.values()].some((term) => term.isProtected)) throw unusual
    return make(active.home, new Map(), undefined, previous)
  }
  let { vocab } = active
  for (const name of Object.keys(local)) {
    if (!name.startsWith('@')) continue
    const value = local[name]
    if (name === '@version' && value === 1.1) continue
    if (name === '@protected' && typeof value === 'boolean') continue
    if (name === '@vocab' && typeof value === 'string' && isAbsolute(value)) vocab = value
    else throw unusual
  }
  const terms = new Map(active.terms)
  const defining = new Map ()
  const define = (name ) => {
    const done = defining.get(name)
    if (done === true) return
    if (done === false || name === '' || name.startsWith('@')) throw unusual
    defining.set(name, false)
    const before = terms.get(name)
    terms.delete(name)
    const made = definition(name, local[name] )
    if (before?.isProtected && !overrides) {
      if (!isSameTerm(before, made)) throw unusual
      terms.set(name, { ...made, isProtected: true })
    } else terms.set(name, made)
    defining.set(name, true)
  }
  const expand = (text ) => {
    if (text === '@id' || text === '@type') return text
    if (text.startsWith('@')) throw unusual
    if (Object.hasOwn(local, text) && defining.get(text) !== true) define(text)
    const term = terms.get(text)
    if (term !== undefined) {
      if (term.id === null) throw unusual
      return term.id
    }
    const colon = text.indexOf(':')
    if (colon > 0) {
      const prefix = text.slice(0, colon)
      const suffix = text.slice(colon + 1)
      if (prefix === '_') throw unusual
      if (!suffix.startsWith('//')) {
        if (Object.hasOwn(local, prefix) && defining.get(prefix) !== true) define(prefix)
        const by = terms.get(prefix)
        if (by?.isPrefix) return by.id + suffix
      }
      if (isAbsolute(text)) return text
    }
    if (vocab !== undefined) return vocab + text
    throw unusual
  }
  const definition = (name , value ) => {
    const simple = typeof value === 'string' || value === null
    const object = simple ? { '@id': value } : value
    if (!isObject(object) || Object.keys(object).some((member) => !knownMembers.has(member))) throw unusual
    const { '@id': given, '@type': type, '@container': container, '@context': scoped, '@protected': protects, '@prefix': prefix } = object
    if (/[:/]/.test(name) || given === name) throw unusual
    let id
    if (given === null) id = null
    else if (typeof given === 'string') id = expand(given)
    else if (given === undefined && vocab !== undefined) id = vocab + name
    else throw unusual
    if (type !== undefined && typeof type !== 'string') throw unusual
    if (prefix !== undefined && typeof prefix !== 'boolean') throw unusual
    if (protects !== undefined && typeof protects !== 'boolean') throw unusual
    return {
      id,
      type: type === undefined || ['@id', '@vocab', '@json', '@none'].includes(type) ? type : expand(type),
      container: containerOf(container),
      scoped: scoped === undefined ? undefined : { context: scoped },
      isPrefix: typeof prefix === 'boolean' ? prefix : simple && id !== null && /[:/?#[\]@]$/.test(id),
      isProtected: protects ?? local['@protected'] === true,
    }
  }
  for (const name of Object.keys(local)) if (!name.startsWith('@')) define(name)
  return make(active.home, terms, vocab, previous)
}
function containerOf(container ) {
  const names = Array.isArray(container) ? (container ).toSorted() : container === undefined ? [] : [container]
  switch (names.join()) {
    case '':
      return 'none'
    case '@set':
      return 'set'
    case '@list':
      return 'list'
    case '@graph':
    case '@graph,@set':
      return 'graph'
    default:
      throw unusual
  }
}
function isSameTerm(a , b ) {
  return a.id === b.id && a.type === b.type && a.container === b.container && a.isPrefix === b.isPrefix && canonicalJson(a.scoped?.context ?? 0) === canonicalJson(b.scoped?.context ?? 0)
}
function isAbsolute(text ) {
  return /^[A-Za-z][A-Za-z0-9+.-]*:\S*$/.test(text)
}
function expandName(active , name ) {
  let found = active.names.get(name)
  if (found === undefined) {
    found = active.terms.has(name) ? (active.terms.get(name) ).id : name.startsWith('@') ? null : byPrefix(active, name)
    const relative = !name.startsWith('@') && !active.terms.has(name) && !/^(_:|[^:]+:\/\/)/.test(name) && !/\s/.test(name)
    if (found === null && relative && active.vocab !== undefined) found = active.vocab + name
    if (active.names.size < mostNames) active.names.set(name, found)
  }
  if (found === null) throw unusual
  return found
}
function expandAddress(active , text ) {
  const found = byPrefix(active, text)
  if (found === null) throw unusual
  return found
}
function byPrefix(active , text ) {
  const colon = text.indexOf(':')
  if (colon > 0 && !text.startsWith('//', colon + 1)) {
    const term = active.terms.get(text.slice(0, colon))
    if (term?.isPrefix) return isAbsolute(term.id + text.slice(colon + 1)) ? term.id + text.slice(colon + 1) : null
  }
  return isAbsolute(text) ? text : null
}
return { derive, expandAddress, expandName, initialContext, isAbsolute, unusual }
})()
const { expandShort } = (() => {
const rdf = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#'
const xsd = 'http://www.w3.org/2001/XMLSchema#'
const rdfType = `<${rdf}type>`
const rdfFirst = `<${rdf}first>`
const rdfRest = `<${rdf}rest>`
const rdfNil = `<${rdf}nil>`
function expandShort(document , contexts , naming ) {
  const state = { quads: [], seen: new Set(), blanks: 0, naming }
  try {
    const root = initialContext(contexts)
    node(state, root, undefined, document, 'root', undefined)
    return state.quads.length === 0 ? undefined : state
  } catch (error) {
    if (error === unusual) return undefined
    throw error
  }
}
function blank(state , object , as ) {
  if (state.naming === undefined) return state.blanks++
  const number = state.naming(object, as)
  state.blanks = Math.max(state.blanks, number + 1)
  return number
}
function node(state , active , property , element , place , graph ) {
  const names = Object.keys(element)
  let context = active
  if (active.previous !== undefined && !(names.length === 1 && meaning(active, names[0] ) === '@id')) context = active.previous
  if (property?.scoped !== undefined) context = derive(context, property.scoped.context, 'property')
  const own = element['@context']
  if (own !== undefined) context = derive(context, documentContext(own), 'plain')
  const beforeTypes = context
  let typeName
  for (const name of names) {
    if (name === '@context' || meaning(beforeTypes, name) !== '@type') continue
    if (typeName !== undefined) throw unusual
    typeName = name
  }
  const types = typeName === undefined ? [] : typesOf(element[typeName] )
  for (const type of types.length > 1 ? types.toSorted() : types) {
    const scoped = beforeTypes.terms.get(type)?.scoped
    if (scoped !== undefined) context = derive(context, scoped.context, 'type')
  }
  let id
  const members = []
  for (const name of names) {
    if (name === '@context' || name === typeName) continue
    const stands = expandName(context, name)
    if (stands === '@id') {
      const value = element[name]
      if (id !== undefined || typeof value !== 'string') throw unusual
      id = address(expandAddress(context, value))
    } else if (stands === '@type') throw unusual
    else members.push(name)
  }
  if (typeName !== undefined && expandName(context, typeName) !== '@type') throw unusual
  const only = members.length === 0 && typeName === undefined
  if (only && (id === undefined || place !== 'value' || own !== undefined)) throw unusual
  const subject = id ?? blank(state, element, 'node')
  for (const type of types) add(state, subject, rdfType, address(expandName(beforeTypes, type)), graph, '')
  for (const name of members) values(state, context, name, element[name] , subject, graph)
  return subject
}
function documentContext(context ) {
  const all = Array.isArray(context) ? (context ) : [context]
  if (!all.every((member) => typeof member === 'string' && isAbsolute(member))) throw unusual
  return context
}
function meaning(context , name ) {
  return context.terms.get(name)?.id
}
function typesOf(value ) {
  const types = Array.isArray(value) ? (value ) : [value]
  for (const type of types) if (typeof type !== 'string') throw unusual
  return types
}
function values(state , context , name , value , subject , graph ) {
  const predicate = address(expandName(context, name))
  const term = context.terms.get(name)
  const below = term?.scoped === undefined ? context : derive(context, term.scoped.context, 'property')
  const reading = below === context ? term : below.terms.get(name)
  if (reading?.id?.startsWith('@') || (reading?.container === 'list') !== (term?.container === 'list')) throw unusual
  if (term?.type === '@json') {
    if (value === null) throw unusual
    add(state, subject, predicate, `"${escapeLiteral(canonicalJson(value))}"^^<${rdf}JSON>`, graph, '')
    return
  }
  const all = Array.isArray(value) ? (value ) : [value]
  if (term?.container === 'list') {
    list(state, below, reading, all, subject, predicate, graph)
    return
  }
  for (const one of all) {
    if (!isObject(one)) {
      if (term?.container === 'graph') throw unusual
      add(state, subject, predicate, scalar(below, reading, one), graph, typeof one === 'string' ? '' : typeof one)
    } else if (term?.container === 'graph') {
      const inner = blank(state, one, 'graph')
      add(state, subject, predicate, inner, graph, '')
      node(state, below, reading, one, 'graph', inner)
    } else add(state, subject, predicate, node(state, below, reading, one, 'value', graph), graph, '')
  }
}
function list(state , context , term , all , subject , predicate , graph ) {
  if (state.naming !== undefined) throw unusual
  const cells = all.map(() => state.blanks++)
  add(state, subject, predicate, cells[0] ?? rdfNil, graph, '')
  all.forEach((one, i) => {
    const cell = cells[i]
    add(state, cell, rdfFirst, isObject(one) ? node(state, context, term, one, 'value', graph) : scalar(context, term, one), graph, '')
    add(state, cell, rdfRest, cells[i + 1] ?? rdfNil, graph, '')
  })
}
function scalar(context , term , value ) {
  if (value === null || typeof value === 'object') throw unusual
  const type = term?.type === '@none' ? undefined : term?.type
  if (typeof value === 'string') {
    if (type === '@id') return address(expandAddress(context, value))
    if (type === '@vocab') return address(expandName(context, value))
    if (type === undefined || type === `${xsd}string`) return `"${escapeLiteral(value)}"`
    if (type === `${xsd}double`) throw unusual
    return `"${escapeLiteral(value)}"^^<${escapeIri(type)}>`
  }
  const datatype = type === '@id' || type === '@vocab' ? undefined : type
  if (typeof value === 'boolean') return `"${value}"^^<${escapeIri(datatype ?? `${xsd}boolean`)}>`
  if (datatype === `${xsd}double`) throw unusual
  const text = String(value)
  if (text.includes('.') || Math.abs(value) >= 1e21) {
    return typed(value.toExponential(15).replace(/(\d)0*e\+?/, '$1E'), datatype ?? `${xsd}double`)
  }
  return typed(value.toFixed(0), datatype ?? `${xsd}integer`)
}
function typed(text , datatype ) {
  return datatype === `${xsd}string` ? `"${text}"` : `"${text}"^^<${escapeIri(datatype)}>`
}
function address(text ) {
  if (text.startsWith('@')) throw unusual
  return `<${escapeIri(text)}>`
}
function add(state , subject , predicate , object , graph , kind ) {
  const key = `${graph ?? ''} ${subject} ${predicate} ${object}${kind}`
  if (state.seen.has(key)) return
  state.seen.add(key)
  state.quads.push({ subject, predicate, object, graph })
}
return { expandShort }
})()
export { expandShort }
export const contexts = {"https://www.w3.org/ns/credentials/v2":{"@context":{"@protected":true,"id":"@id","type":"@type","description":"https://schema.org/description","digestMultibase":{"@id":"https://w3id.org/security#digestMultibase","@type":"https://w3id.org/security#multibase"},"digestSRI":{"@id":"https://www.w3.org/2018/credentials#digestSRI","@type":"https://www.w3.org/2018/credentials#sriString"},"mediaType":{"@id":"https://schema.org/encodingFormat"},"name":"https://schema.org/name","VerifiableCredential":{"@id":"https://www.w3.org/2018/credentials#VerifiableCredential","@context":{"@protected":true,"id":"@id","type":"@type","confidenceMethod":{"@id":"https://www.w3.org/2018/credentials#confidenceMethod","@type":"@id"},"credentialSchema":{"@id":"https://www.w3.org/2018/credentials#credentialSchema","@type":"@id"},"credentialStatus":{"@id":"https://www.w3.org/2018/credentials#credentialStatus","@type":"@id"},"credentialSubject":{"@id":"https://www.w3.org/2018/credentials#credentialSubject","@type":"@id"},"description":"https://schema.org/description","evidence":{"@id":"https://www.w3.org/2018/credentials#evidence","@type":"@id"},"issuer":{"@id":"https://www.w3.org/2018/credentials#issuer","@type":"@id"},"name":"https://schema.org/name","proof":{"@id":"https://w3id.org/security#proof","@type":"@id","@container":"@graph"},"refreshService":{"@id":"https://www.w3.org/2018/credentials#refreshService","@type":"@id"},"relatedResource":{"@id":"https://www.w3.org/2018/credentials#relatedResource","@type":"@id"},"renderMethod":{"@id":"https://www.w3.org/2018/credentials#renderMethod","@type":"@id"},"termsOfUse":{"@id":"https://www.w3.org/2018/credentials#termsOfUse","@type":"@id"},"validFrom":{"@id":"https://www.w3.org/2018/credentials#validFrom","@type":"http://www.w3.org/2001/XMLSchema#dateTime"},"validUntil":{"@id":"https://www.w3.org/2018/credentials#validUntil","@type":"http://www.w3.org/2001/XMLSchema#dateTime"}}},"EnvelopedVerifiableCredential":"https://www.w3.org/2018/credentials#EnvelopedVerifiableCredential","VerifiablePresentation":{"@id":"https://www.w3.org/2018/credentials#VerifiablePresentation","@context":{"@protected":true,"id":"@id","type":"@type","holder":{"@id":"https://www.w3.org/2018/credentials#holder","@type":"@id"},"proof":{"@id":"https://w3id.org/security#proof","@type":"@id","@container":"@graph"},"termsOfUse":{"@id":"https://www.w3.org/2018/credentials#termsOfUse","@type":"@id"},"verifiableCredential":{"@id":"https://www.w3.org/2018/credentials#verifiableCredential","@type":"@id","@container":"@graph","@context":null}}},"EnvelopedVerifiablePresentation":"https://www.w3.org/2018/credentials#EnvelopedVerifiablePresentation","JsonSchemaCredential":"https://www.w3.org/2018/credentials#JsonSchemaCredential","JsonSchema":{"@id":"https://www.w3.org/2018/credentials#JsonSchema","@context":{"@protected":true,"id":"@id","type":"@type","jsonSchema":{"@id":"https://www.w3.org/2018/credentials#jsonSchema","@type":"@json"}}},"BitstringStatusListCredential":"https://www.w3.org/ns/credentials/status#BitstringStatusListCredential","BitstringStatusList":{"@id":"https://www.w3.org/ns/credentials/status#BitstringStatusList","@context":{"@protected":true,"id":"@id","type":"@type","encodedList":{"@id":"https://www.w3.org/ns/credentials/status#encodedList","@type":"https://w3id.org/security#multibase"},"statusPurpose":"https://www.w3.org/ns/credentials/status#statusPurpose","ttl":"https://www.w3.org/ns/credentials/status#ttl"}},"BitstringStatusListEntry":{"@id":"https://www.w3.org/ns/credentials/status#BitstringStatusListEntry","@context":{"@protected":true,"id":"@id","type":"@type","statusListCredential":{"@id":"https://www.w3.org/ns/credentials/status#statusListCredential","@type":"@id"},"statusListIndex":"https://www.w3.org/ns/credentials/status#statusListIndex","statusPurpose":"https://www.w3.org/ns/credentials/status#statusPurpose","statusMessage":{"@id":"https://www.w3.org/ns/credentials/status#statusMessage","@context":{"@protected":true,"id":"@id","type":"@type","message":"https://www.w3.org/ns/credentials/status#message","status":"https://www.w3.org/ns/credentials/status#status"}},"statusReference":{"@id":"https://www.w3.org/ns/credentials/status#statusReference","@type":"@id"},"statusSize":{"@id":"https://www.w3.org/ns/credentials/status#statusSize","@type":"https://www.w3.org/2001/XMLSchema#integer"}}},"DataIntegrityProof":{"@id":"https://w3id.org/security#DataIntegrityProof","@context":{"@protected":true,"id":"@id","type":"@type","challenge":"https://w3id.org/security#challenge","created":{"@id":"http://purl.org/dc/terms/created","@type":"http://www.w3.org/2001/XMLSchema#dateTime"},"cryptosuite":{"@id":"https://w3id.org/security#cryptosuite","@type":"https://w3id.org/security#cryptosuiteString"},"domain":"https://w3id.org/security#domain","expires":{"@id":"https://w3id.org/security#expiration","@type":"http://www.w3.org/2001/XMLSchema#dateTime"},"nonce":"https://w3id.org/security#nonce","previousProof":{"@id":"https://w3id.org/security#previousProof","@type":"@id"},"proofPurpose":{"@id":"https://w3id.org/security#proofPurpose","@type":"@vocab","@context":{"@protected":true,"id":"@id","type":"@type","assertionMethod":{"@id":"https://w3id.org/security#assertionMethod","@type":"@id","@container":"@set"},"authentication":{"@id":"https://w3id.org/security#authenticationMethod","@type":"@id","@container":"@set"},"capabilityDelegation":{"@id":"https://w3id.org/security#capabilityDelegationMethod","@type":"@id","@container":"@set"},"capabilityInvocation":{"@id":"https://w3id.org/security#capabilityInvocationMethod","@type":"@id","@container":"@set"},"keyAgreement":{"@id":"https://w3id.org/security#keyAgreementMethod","@type":"@id","@container":"@set"}}},"proofValue":{"@id":"https://w3id.org/security#proofValue","@type":"https://w3id.org/security#multibase"},"verificationMethod":{"@id":"https://w3id.org/security#verificationMethod","@type":"@id"}}},"...":{"@id":"https://www.iana.org/assignments/jwt#..."},"_sd":{"@id":"https://www.iana.org/assignments/jwt#_sd","@type":"@json"},"_sd_alg":{"@id":"https://www.iana.org/assignments/jwt#_sd_alg"},"aud":{"@id":"https://www.iana.org/assignments/jwt#aud","@type":"@id"},"cnf":{"@id":"https://www.iana.org/assignments/jwt#cnf","@context":{"@protected":true,"kid":{"@id":"https://www.iana.org/assignments/jwt#kid","@type":"@id"},"jwk":{"@id":"https://www.iana.org/assignments/jwt#jwk","@type":"@json"}}},"exp":{"@id":"https://www.iana.org/assignments/jwt#exp","@type":"https://www.w3.org/2001/XMLSchema#nonNegativeInteger"},"iat":{"@id":"https://www.iana.org/assignments/jwt#iat","@type":"https://www.w3.org/2001/XMLSchema#nonNegativeInteger"},"iss":{"@id":"https://www.iana.org/assignments/jose#iss","@type":"@id"},"jku":{"@id":"https://www.iana.org/assignments/jose#jku","@type":"@id"},"kid":{"@id":"https://www.iana.org/assignments/jose#kid","@type":"@id"},"nbf":{"@id":"https://www.iana.org/assignments/jwt#nbf","@type":"https://www.w3.org/2001/XMLSchema#nonNegativeInteger"},"sub":{"@id":"https://www.iana.org/assignments/jose#sub","@type":"@id"},"x5u":{"@id":"https://www.iana.org/assignments/jose#x5u","@type":"@id"}}},"https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json":{"@context":{"@protected":true,"id":"@id","type":"@type","OpenBadgeCredential":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#OpenBadgeCredential"},"Achievement":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Achievement","@context":{"@protected":true,"id":"@id","type":"@type","achievementType":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievementType"},"alignment":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment","@container":"@set"},"creator":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#creator"},"creditsAvailable":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsAvailable","@type":"https://www.w3.org/2001/XMLSchema#float"},"criteria":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria","@type":"@id"},"fieldOfStudy":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#fieldOfStudy"},"humanCode":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#humanCode"},"image":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#image","@type":"@id"},"otherIdentifier":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier","@container":"@set"},"related":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#related","@container":"@set"},"resultDescription":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription","@container":"@set"},"specialization":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#specialization"},"tag":{"@id":"https://schema.org/keywords","@container":"@set"},"version":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#version"},"inLanguage":{"@id":"https://schema.org/inLanguage"}}},"AchievementCredential":{"@id":"OpenBadgeCredential"},"AchievementSubject":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#AchievementSubject","@context":{"@protected":true,"id":"@id","type":"@type","achievement":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievement"},"activityEndDate":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityEndDate","@type":"https://www.w3.org/2001/XMLSchema#date"},"activityStartDate":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#activityStartDate","@type":"https://www.w3.org/2001/XMLSchema#date"},"creditsEarned":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#creditsEarned","@type":"https://www.w3.org/2001/XMLSchema#float"},"identifier":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier","@container":"@set"},"image":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#image","@type":"@id"},"licenseNumber":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#licenseNumber"},"result":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#result","@container":"@set"},"role":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#role"},"source":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#source","@type":"@id"},"term":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#term"}}},"Address":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Address","@context":{"@protected":true,"id":"@id","type":"@type","addressCountry":{"@id":"https://schema.org/addressCountry"},"addressCountryCode":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#CountryCode"},"addressLocality":{"@id":"https://schema.org/addressLocality"},"addressRegion":{"@id":"https://schema.org/addressRegion"},"geo":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates"},"postOfficeBoxNumber":{"@id":"https://schema.org/postOfficeBoxNumber"},"postalCode":{"@id":"https://schema.org/postalCode"},"streetAddress":{"@id":"https://schema.org/streetAddress"}}},"Alignment":{"@id":"https://schema.org/AlignmentObject","@context":{"@protected":true,"id":"@id","type":"@type","targetCode":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetCode"},"targetDescription":{"@id":"https://schema.org/targetDescription"},"targetFramework":{"@id":"https://schema.org/targetFramework"},"targetName":{"@id":"https://schema.org/targetName"},"targetType":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#targetType"},"targetUrl":{"@id":"https://schema.org/targetUrl","@type":"https://www.w3.org/2001/XMLSchema#anyURI"}}},"Criteria":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Criteria"},"EndorsementCredential":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementCredential"},"EndorsementSubject":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#EndorsementSubject","@context":{"@protected":true,"id":"@id","type":"@type","endorsementComment":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementComment"}}},"Evidence":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Evidence","@context":{"@protected":true,"id":"@id","type":"@type","audience":{"@id":"https://schema.org/audience"},"genre":{"@id":"https://schema.org/genre"}}},"GeoCoordinates":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#GeoCoordinates","@context":{"@protected":true,"id":"@id","type":"@type","latitude":{"@id":"https://schema.org/latitude"},"longitude":{"@id":"https://schema.org/longitude"}}},"IdentifierEntry":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentifierEntry","@context":{"@protected":true,"id":"@id","type":"@type","identifier":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifier"},"identifierType":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#identifierType"}}},"IdentityObject":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#IdentityObject","@context":{"@protected":true,"id":"@id","type":"@type","hashed":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#hashed","@type":"https://www.w3.org/2001/XMLSchema#boolean"},"identityHash":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityHash"},"identityType":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#identityType"},"salt":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#salt"}}},"Image":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Image","@context":{"@protected":true,"id":"@id","type":"@type","caption":{"@id":"https://schema.org/caption"}}},"Profile":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Profile","@context":{"@protected":true,"id":"@id","type":"@type","additionalName":{"@id":"https://schema.org/additionalName"},"address":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#address","@type":"@id"},"dateOfBirth":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#dateOfBirth","@type":"https://www.w3.org/2001/XMLSchema#date"},"email":{"@id":"https://schema.org/email"},"familyName":{"@id":"https://schema.org/familyName"},"familyNamePrefix":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#familyNamePrefix"},"givenName":{"@id":"https://schema.org/givenName"},"honorificPrefix":{"@id":"https://schema.org/honorificPrefix"},"honorificSuffix":{"@id":"https://schema.org/honorificSuffix"},"image":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#image","@type":"@id"},"otherIdentifier":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#otherIdentifier","@container":"@set"},"parentOrg":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#parentOrg","@type":"@id"},"patronymicName":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#patronymicName"},"phone":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#phone"},"official":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#official"}}},"Related":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Related","@context":{"@protected":true,"id":"@id","type":"@type","version":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#version"},"inLanguage":{"@id":"https://schema.org/inLanguage"}}},"Result":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#Result","@context":{"@protected":true,"id":"@id","type":"@type","achievedLevel":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#achievedLevel","@type":"https://www.w3.org/2001/XMLSchema#anyURI"},"resultDescription":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultDescription","@type":"https://www.w3.org/2001/XMLSchema#anyURI"},"status":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#status"},"value":{"@id":"https://schema.org/value"}}},"ResultDescription":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#ResultDescription","@context":{"@protected":true,"id":"@id","type":"@type","allowedValue":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#allowedValue","@container":"@list"},"requiredLevel":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredLevel","@type":"https://www.w3.org/2001/XMLSchema#anyURI"},"requiredValue":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#requiredValue"},"resultType":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#resultType"},"rubricCriterionLevel":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#rubricCriterionLevel","@container":"@set"},"valueMax":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMax"},"valueMin":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#valueMin"}}},"RubricCriterionLevel":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#RubricCriterionLevel","@context":{"@protected":true,"id":"@id","type":"@type","level":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#level"},"points":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#points"}}},"alignment":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#alignment","@container":"@set"},"description":{"@id":"https://schema.org/description"},"endorsement":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsement","@container":"@set"},"endorsementJwt":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#endorsementJwt","@container":"@set"},"image":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#image","@type":"@id"},"inLanguage":{"@id":"https://schema.org/inLanguage"},"name":{"@id":"https://schema.org/name"},"narrative":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#narrative"},"url":{"@id":"https://schema.org/url","@type":"https://www.w3.org/2001/XMLSchema#anyURI"},"awardedDate":{"@id":"https://purl.imsglobal.org/spec/vc/ob/vocab.html#awardedDate","@type":"xsd:dateTime"},"jti":{"@id":"https://www.iana.org/assignments/jwt#jti","@type":"@id"}}},"https://purl.imsglobal.org/spec/ob/v3p0/extensions.json":{"@context":{"id":"@id","type":"@type","1EdTechJsonSchemaValidator2019":"https://purl.imsglobal.org/spec/vccs/v1p0/context.json#1EdTechJsonSchemaValidator2019","1EdTechRevocationList":"https://purl.imsglobal.org/spec/vcrl/v1p0/context.json#1EdTechRevocationList","1EdTechCredentialRefresh":"https://purl.imsglobal.org/spec/vccr/v1p0/context.json#1EdTechCredentialRefresh"}}}
