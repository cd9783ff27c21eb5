// The archive that LinkedIn gives holds messages and other people's names. It stays on this device: the two lists that the page asks for are
// taken out of it here, and only they are sent. Without this script one of the two lists is chosen by itself, and the server refuses an archive.

const largestBytes = 2_000_000

/** The lists in an archive (APPNOTE.TXT 4.3: the directory stands at the end). @param {File} file @param {readonly string[]} wanted @returns {Promise<Map<string, string>>} */
const unpack = async (file, wanted) => {
  const tail = new DataView(await file.slice(-66_000).arrayBuffer()) // the end record and the longest comment
  let end = tail.byteLength - 22
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) throw new Error('not an archive')
  const [size, start] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)]
  const directory = new DataView(await file.slice(start, start + size).arrayBuffer())
  const found = new Map()
  for (let at = 0; at + 46 <= directory.byteLength && directory.getUint32(at, true) === 0x02014b50; ) {
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => directory.getUint16(at + field, true))
    const [method, packed, offset] = [directory.getUint16(at + 10, true), directory.getUint32(at + 20, true), directory.getUint32(at + 42, true)]
    const path = new TextDecoder().decode(new Uint8Array(directory.buffer, at + 46, nameLength))
    const name = wanted.find((one) => path.toLowerCase().split('/').pop() === `${one}.csv`)
    if (name !== undefined && packed <= largestBytes && (method === 0 || method === 8)) {
      const local = new DataView(await file.slice(offset, offset + 30).arrayBuffer())
      const from = offset + 30 + local.getUint16(26, true) + local.getUint16(28, true)
      const bytes = file.slice(from, from + packed)
      const text = await new Response(method === 0 ? bytes : bytes.stream().pipeThrough(new DecompressionStream('deflate-raw'))).text()
      if (text.length <= largestBytes) found.set(name, text)
    }
    at += 46 + (nameLength ?? 0) + (extraLength ?? 0) + (commentLength ?? 0)
  }
  return found
}

/** @type {HTMLFormElement | null} */
const form = document.querySelector('form[data-island="profile"]')
const input = form?.querySelector('input[type=file]')
if (form && input instanceof HTMLInputElement) {
  input.addEventListener('change', () => input.setCustomValidity(''))
  form.addEventListener('submit', async (event) => {
    const [file] = input.files ?? []
    if (!file || !/\.zip$/i.test(file.name)) return
    event.preventDefault()
    const lists = await unpack(file, ['certifications', 'positions']).catch(() => new Map())
    if (lists.size === 0) {
      input.setCustomValidity(input.dataset.none ?? '')
      input.reportValidity()
      return
    }
    for (const [name, text] of lists) {
      const field = form.elements.namedItem(name)
      if (field instanceof HTMLInputElement) field.value = text
    }
    input.disabled = true // what was chosen is not sent
    form.submit()
  })
}
