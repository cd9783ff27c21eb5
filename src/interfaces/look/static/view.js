// Lets this browser check the credential by itself when it is asked to; the program for that is fetched then, and not before. And
// tells the server, once, that the page was before somebody's eyes: visible for 1.5 seconds in all, in the foreground. No cookie, nothing
// stored, nothing about the reader. Without this script the page works the same and the look is not counted.

/** @type {HTMLElement | null} */
const own = document.querySelector('[data-check]')
const ask = own?.querySelector('button')
if (own && ask) {
  own.hidden = false
  ask.addEventListener('click', async () => {
    const status = own.querySelector('[role=status]')
    const words = JSON.parse(own.dataset.words ?? '{}')
    ask.disabled = true
    if (status) status.textContent = words.working
    await import(own.dataset.check ?? '').then((one) => one.checkHere(own)).catch(() => status && (status.textContent = words.unreachable))
    ask.disabled = false
  })
}

const needed = 1500
const place = document.querySelector('[data-view]')

if (place instanceof HTMLElement && typeof navigator.sendBeacon === 'function') {
  let seen = 0
  let since = -1
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer

  const tell = () => {
    document.removeEventListener('visibilitychange', look)
    navigator.sendBeacon(
      place.dataset.view ?? '',
      new URLSearchParams({ token: new URLSearchParams(location.search).get('s') ?? '', visible_ms: String(Math.round(seen)), automated: navigator.webdriver ? 'yes' : 'no' }),
    )
  }

  const look = () => {
    clearTimeout(timer)
    if (since >= 0) {
      seen += performance.now() - since
      since = -1
    }
    if (seen >= needed) tell()
    else if (document.visibilityState === 'visible') {
      since = performance.now()
      timer = setTimeout(look, needed - seen)
    }
  }

  document.addEventListener('visibilitychange', look)
  look()
}
