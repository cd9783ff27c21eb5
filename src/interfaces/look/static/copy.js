// The share sheet's comforts: a button that copies one field and says so, a post whose text is on the clipboard when LinkedIn opens, and
// the phone's own share sheet. Without this script the same fields can be marked and copied by hand.

/** @type {NodeListOf<HTMLButtonElement>} */
const buttons = document.querySelectorAll('button[data-copy]')
const count = document.querySelector('[data-copied]')

const tally = () => {
  if (!(count instanceof HTMLElement)) return
  const done = document.querySelectorAll('.copy .done').length
  count.textContent = (count.dataset.copied ?? '').replace('{n}', String(done))
}

for (const button of buttons) {
  button.hidden = false
  button.addEventListener('click', async () => {
    const word = button.querySelector('span')
    try {
      await navigator.clipboard.writeText(button.dataset.copy ?? '')
    } catch {
      // No clipboard (an old browser, or a page without https): mark the text, so that the reader's own "copy" takes it.
      const value = button.closest('li')?.querySelector('.value')
      if (value) getSelection()?.selectAllChildren(value)
      const field = button.parentElement?.querySelector('input')
      field?.select()
      return
    }
    button.closest('li')?.classList.add('done')
    if (word) word.textContent = button.dataset.done ?? ''
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
const form = document.querySelector('form[data-island="copy-text"]')
form?.addEventListener('submit', () => {
  const text = form.querySelector('textarea')
  // The form goes on to LinkedIn whether or not the clipboard takes the text.
  if (text) navigator.clipboard?.writeText(text.value).catch(() => text.select())
})

const native = document.querySelector('[data-native]')
const phone = native?.querySelector('button')
if (native instanceof HTMLElement && phone && typeof navigator.share === 'function') {
  native.hidden = false
  phone.addEventListener('click', () => {
    // Closing the phone's sheet rejects; that is an answer, not a fault.
    navigator.share({ title: phone.dataset.title ?? '', url: phone.dataset.address ?? '' }).catch(() => undefined)
  })
}
