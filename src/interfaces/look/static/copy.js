// The share sheet's comforts: a button that copies one field and says so, a post whose text is on the clipboard when its network opens, the
// address copied in one press, and the phone's own share sheet. Without this script the same fields can be marked and copied by hand, and
// every place is reached by its form.

/** @type {NodeListOf<HTMLButtonElement>} */
const buttons = document.querySelectorAll('button[data-copy]')
const count = document.querySelector('[data-copied]')

const tally = () => {
  if (!(count instanceof HTMLElement)) return
  const done = document.querySelectorAll('.copy .done').length
  const says = (count.dataset.copied ?? '').replace('{n}', String(done))
  if (count.textContent !== says) count.textContent = says
}

/** @param {HTMLElement} button */
const say = (button) => {
  button.closest('li')?.classList.add('done')
  const word = button.querySelector('span')
  if (word) word.textContent = button.dataset.done ?? ''
}

for (const button of buttons) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const { copy = '', rich } = button.dataset
    try {
      if (rich === undefined) await navigator.clipboard.writeText(copy)
      else await navigator.clipboard.write([new ClipboardItem({ 'text/plain': new Blob([copy], { type: 'text/plain' }), 'text/html': new Blob([rich], { type: 'text/html' }) })])
    } catch {
      // No clipboard (an old browser, or a page without https): mark the text, so that the reader's own "copy" takes it.
      const value = button.parentElement?.querySelector('.value, .signed')
      if (value) getSelection()?.selectAllChildren(value)
      button.parentElement?.querySelector('input')?.select()
      return
    }
    say(button)
    tally()
  })
}
tally()

// LinkedIn's form opened beside this page, and the click gave the address a token of its own: on the way back the fields are fetched anew,
// unless somebody has begun to copy.
const left = document.querySelector('.assistant form[target]')
left?.addEventListener('submit', () => {
  const anew = () => {
    if (document.visibilityState === 'visible' && !document.querySelector('.copy .done')) location.reload()
  }
  addEventListener('focus', anew, { once: true })
  document.addEventListener('visibilitychange', anew)
})

/** @type {HTMLFormElement | null} */
const words = document.querySelector('form#words')
const text = words?.querySelector('textarea')
words?.addEventListener('submit', (event) => {
  // The form goes on to the network whether or not the clipboard takes the text.
  if (text && event.submitter instanceof HTMLElement && event.submitter.dataset.clip !== undefined) navigator.clipboard?.writeText(text.value).catch(() => text.select())
})
for (const form of document.querySelectorAll('form[data-island="words"]')) {
  form.addEventListener('submit', () => {
    const carried = form.querySelector('input[name="text"]')
    if (text && carried instanceof HTMLInputElement) carried.value = text.value
  })
}

/** Sends a form as its button would, and gets what its place is filled in with. @param {HTMLFormElement} form */
const made = async (form) => {
  const body = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') body.append(name, value)
  if (text) body.append('text', text.value)
  const answer = await fetch(form.action, { method: 'POST', headers: { accept: 'application/json' }, body })
  if (!answer.ok) throw new Error(answer.statusText)
  return await answer.json()
}

/** @type {HTMLFormElement | null} */
const address = document.querySelector('form[data-island="copy-link"]')
address?.addEventListener('submit', async (event) => {
  if (typeof ClipboardItem !== 'function' || !navigator.clipboard?.write) return
  event.preventDefault()
  const button = address.querySelector('button')
  try {
    // The clipboard is asked at the press itself, and given the address when it has come: browsers let nobody write long after a press.
    await navigator.clipboard.write([new ClipboardItem({ 'text/plain': made(address).then((one) => new Blob([one.address], { type: 'text/plain' })) })])
    if (button) say(button)
  } catch {
    address.submit()
  }
})

const native = document.querySelector('[data-native]')
const phone = native?.querySelector('form')
// On a desk the places below are as near, and a sheet that appears late would push them down.
if (native instanceof HTMLElement && phone && typeof navigator.share === 'function' && matchMedia('(pointer: coarse)').matches) {
  native.hidden = false
  phone.addEventListener('submit', async (event) => {
    event.preventDefault()
    const { title = '', picture } = native.dataset
    const files = picture === undefined ? undefined : fetch(picture).then(async (one) => [new File([await one.blob()], 'credential.png', { type: 'image/png' })]).catch(() => undefined)
    const soon = new Promise((resolve) => setTimeout(resolve, 1_500, undefined)) // a press is good for a few seconds only, and a line may be slow
    try {
      const { address: url, text: says } = await made(phone)
      const data = { title, text: says, url }
      const pictures = await Promise.race([files, soon])
      const whole = pictures === undefined ? data : { ...data, files: pictures }
      await navigator.share(navigator.canShare?.(whole) === true ? whole : data)
    } catch {
      // Closing the phone's sheet rejects; that is an answer, not a fault.
    }
  })
}
