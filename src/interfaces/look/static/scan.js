// The verifier's comforts: a file dropped anywhere on the page, and a QR code read from the camera or from a photo. What the camera sees stays
// in this page; the address in a code goes through the form, as if it had been typed. Without this script there are the form and the words.

/** @type {HTMLInputElement | null} */
const file = document.querySelector('#file')
/** @type {HTMLFormElement | null} */
const typed = document.querySelector('form[data-island="verify"]')
const place = document.querySelector('[data-scan]')

// The field takes what is dropped on it by itself; this is for whoever misses it.
addEventListener('dragover', (event) => {
  if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
})
addEventListener('drop', (event) => {
  const files = event.dataTransfer?.files
  if (!file || !files || files.length === 0 || event.target === file) return
  event.preventDefault()
  file.files = files
  file.form?.requestSubmit()
})

/** What reads a code: the browser's own reader, where it reads QR codes. */
const readerOf = async () => {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector
  if (typeof Detector !== 'function' || !(await Detector.getSupportedFormats()).includes('qr_code')) return undefined
  const detector = new Detector({ formats: ['qr_code'] })
  return async (/** @type {CanvasImageSource} */ picture) => /** @type {string | undefined} */ ((await detector.detect(picture))[0]?.rawValue)
}

/** @param {HTMLElement} section @param {(picture: CanvasImageSource) => Promise<string | undefined>} read */
const scanWith = (section, read) => {
  const video = section.querySelector('video')
  const status = section.querySelector('[role=status]')
  const [open, close] = ['[data-open]', '[data-close]'].map((name) => section.querySelector(name))
  const photo = section.querySelector('input')
  if (!video || !status || !(open instanceof HTMLElement) || !(close instanceof HTMLElement) || !photo) return
  const say = (/** @type {string | undefined} */ text) => void (status.textContent = text ?? '')
  /** @type {MediaStream | undefined} */
  let stream

  const stop = () => {
    const had = stream !== undefined && close.contains(document.activeElement)
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = undefined
    video.hidden = close.hidden = true
    open.hidden = false
    if (had) open.focus()
  }

  /** Sends the address on its way; anything else that a code may hold is told as such. @param {string} text */
  const found = (text) => {
    const area = typed?.querySelector('textarea')
    if (!area || !['https:', 'http:'].includes(URL.parse?.(text.trim())?.protocol ?? '')) return say(section.dataset.wrong)
    area.value = text.trim()
    typed?.requestSubmit()
  }

  const look = async () => {
    if (!stream) return
    const text = video.readyState < 2 ? undefined : await read(video).catch(() => undefined)
    if (!stream) return
    if (text === undefined) return void setTimeout(look, 150)
    stop()
    found(text)
  }

  open.addEventListener('click', async () => {
    say(section.dataset.looking)
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      video.srcObject = stream
      open.hidden = true
      video.hidden = close.hidden = false
      close.focus()
      await video.play()
      await look()
    } catch (error) {
      stop()
      say(error instanceof DOMException && error.name === 'NotAllowedError' ? section.dataset.refused : section.dataset.none)
    }
  })
  close.addEventListener('click', () => {
    stop()
    say('')
  })
  addEventListener('pagehide', stop)

  photo.addEventListener('change', async () => {
    const [one] = photo.files ?? []
    if (!one) return
    const text = await createImageBitmap(one).then(read).catch(() => undefined)
    if (text === undefined) say(section.dataset.nothing)
    else found(text)
  })
}

if (place instanceof HTMLElement) {
  const [can, how, cannot] = ['[data-can]', '[data-how]', '[data-cannot]'].map((name) => place.querySelector(name))
  const read = await readerOf().catch(() => undefined)
  if (can instanceof HTMLElement) can.hidden = false
  if (read) scanWith(place, read)
  else if (how instanceof HTMLElement && cannot instanceof HTMLElement) {
    how.hidden = true
    cannot.hidden = false
    for (const one of place.querySelectorAll('button, input')) one.toggleAttribute('disabled', true)
  }
}
