// The verifier's comforts: a file dropped anywhere on the page, and a QR code read from the camera or from a picture. What is seen stays in this
// page; the address in a code goes through the form, as if it had been typed. Without this script there are the forms and the words.

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

/** @typedef {HTMLVideoElement | ImageBitmap} Seen */
/** @typedef {(seen: Seen) => Promise<string | undefined>} Read the text of a code, if there is one */

/** The browser's own reader, where it reads QR codes. @returns {Promise<Read | undefined>} */
const readerOfBrowser = async () => {
  const Detector = /** @type {any} */ (globalThis).BarcodeDetector
  if (typeof Detector !== 'function' || !(await Detector.getSupportedFormats()).includes('qr_code')) return undefined
  const detector = new Detector({ formats: ['qr_code'] })
  return async (seen) => (await detector.detect(seen))[0]?.rawValue
}

/**
 * Ours, for the others. A frame of the camera is looked at once and quickly, there is a next one. A picture is looked at as it is (a photo at 2048 pixels, which leaves three
 * to a module of a code that fills a tenth of it); then smaller, which takes out the grain; a small one also larger: of codes with one pixel to a module and much grain that finds 9 of 10 instead of 4.
 * @param {string} address @returns {Promise<Read>}
 */
const readerOfOurs = async (address) => {
  const { decodeQR } = await import(address)
  const canvas = document.createElement('canvas')
  const ink = canvas.getContext('2d', { willReadFrequently: true })
  let frames = 0
  return async (seen) => {
    const live = seen instanceof HTMLVideoElement
    const [width, height] = live ? [seen.videoWidth, seen.videoHeight] : [seen.width, seen.height]
    const fit = Math.min(1, (live ? 1024 : 2048) / Math.max(width, height))
    const scales = live ? [frames++ % 2 === 0 ? fit : fit / 2] : [fit, fit / 2, fit / 4, 3].filter((scale) => scale <= 1 || Math.max(width, height) * scale <= 2048)
    for (const scale of scales) {
      const [across, down] = [width, height].map((side) => Math.max(1, Math.round(side * scale)))
      if (!ink || !across || !down) return undefined
      canvas.width = across
      canvas.height = down
      ink.imageSmoothingEnabled = scale < 1
      ink.fillStyle = '#fff' // behind a picture that is transparent in places
      ink.fillRect(0, 0, across, down)
      ink.drawImage(seen, 0, 0, across, down)
      try {
        return decodeQR(ink.getImageData(0, 0, across, down), live ? { effort: 4, timeLimit: 40 } : { effort: 64, timeLimit: 500 })
      } catch {
        // No code, or none that can be made out at this size.
      }
    }
    return undefined
  }
}

/** @param {HTMLElement} section */
const scanIn = (section) => {
  const video = section.querySelector('video')
  const status = section.querySelector('[role=status]')
  const [open, close] = ['[data-open]', '[data-close]'].map((name) => section.querySelector(name))
  const photo = section.querySelector('input')
  if (!video || !status || !(open instanceof HTMLElement) || !(close instanceof HTMLElement) || !photo) return
  const cannot = section.querySelector('[data-cannot]')?.textContent ?? '' // the longest sentence; it keeps the room for the others
  const say = (/** @type {string | undefined} */ text, where = status) => void (where.textContent = text ?? '')
  /** @type {MediaStream | undefined} */
  let stream
  let turn = 0 // of the camera: what comes after it was closed is for nobody

  let browsers = readerOfBrowser().catch(() => undefined)
  /** @type {Promise<Read> | undefined} */
  let ours
  let tries = 0
  /** Fetched when it is needed, and not before. */
  const loaded = () => (ours ??= readerOfOurs(`${section.dataset.reader}#${tries}`).catch((error) => {
    ours = undefined // the next press tries again,
    tries++ // under another name: a browser remembers that a module could not be fetched
    throw error
  }))
  /** @type {Read} */
  const read = async (seen) => {
    const own = await browsers
    try {
      const text = await own?.(seen)
      if (text !== undefined || (own && seen === video)) return text
    } catch {
      browsers = Promise.resolve(undefined) // it has a reader, and what that needs is not there
    }
    return await (await loaded())(seen)
  }

  /** @param {boolean} [asked] by a press: what else ends it comes late, and then nothing may move */
  const stop = (asked = true) => {
    turn++
    video.classList.toggle('kept', !asked)
    const had = close.contains(document.activeElement)
    for (const track of stream?.getTracks() ?? []) track.stop()
    stream = undefined
    video.hidden = close.hidden = true
    open.hidden = false
    if (had) open.focus()
  }

  /** Sends the address on its way; anything else that a code may hold is told as such. @param {string} text @param {Element} [where] */
  const found = (text, where) => {
    const area = typed?.querySelector('textarea')
    if (!area || !/^https?:\/\/\S+$/i.test(text.trim())) return say(section.dataset.wrong, where)
    area.value = text.trim()
    typed?.requestSubmit()
  }

  const look = async () => {
    if (!stream) return
    const text = video.readyState < 2 ? undefined : await read(video)
    if (!stream) return
    if (text === undefined) return void setTimeout(() => void look().catch(failed), 150)
    stop(false)
    found(text)
  }
  /** The one thing that can fail while looking is fetching our reader. */
  const failed = () => {
    stop(false)
    say(cannot)
  }

  open.addEventListener('click', async () => {
    const mine = ++turn
    say(section.dataset.looking)
    open.hidden = true
    video.hidden = close.hidden = false
    close.focus()
    const reader = browsers.then((own) => own ?? loaded())
    reader.catch(() => {}) // told below
    try {
      const given = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } })
      if (mine !== turn) return given.getTracks().forEach((track) => track.stop())
      video.srcObject = stream = given
      await video.play()
    } catch (error) {
      if (mine !== turn) return
      stop(false)
      return say(error instanceof DOMException && error.name === 'NotAllowedError' ? section.dataset.refused : section.dataset.none)
    }
    await reader.then(look).catch(failed)
  })
  close.addEventListener('click', () => {
    stop()
    say('')
  })
  addEventListener('pagehide', () => stop())

  /** What a picture's code says. @param {File} picture @param {Element} [where] @returns {Promise<string | undefined>} */
  const textIn = async (picture, where) => {
    say(section.dataset.looking, where)
    const bitmap = await createImageBitmap(picture).catch(() => undefined)
    const text = bitmap && (await read(bitmap).catch(() => (say(cannot, where), null)))
    if (text === undefined) say(section.dataset.nothing, where)
    return text ?? undefined
  }
  photo.addEventListener('change', async () => {
    const [one] = photo.files ?? []
    const text = one && (await textIn(one))
    if (text !== undefined) found(text)
  })

  // A picture where the file of a credential is asked for: what holds the credential itself goes the way of all files, what holds a code is read here.
  file?.form?.addEventListener('submit', async (event) => {
    const [one] = file.files ?? []
    if (!one || !file.form || !/^image\/(?!svg)/.test(one.type)) return
    event.preventDefault()
    const where = file.form.querySelector('[role=status]') ?? status
    const baked = new TextDecoder('latin1').decode(await one.arrayBuffer()).includes('iTXtopenbadgecredential')
    const text = baked ? undefined : await textIn(one, where)
    if (text !== undefined) found(text, where)
    else if (one.type === 'image/png') file.form.submit() // the server says what is in it, or is not
  })
}

if (place instanceof HTMLElement) {
  scanIn(place)
  const can = place.querySelector('[data-can]')
  if (can instanceof HTMLElement) can.hidden = false
}
