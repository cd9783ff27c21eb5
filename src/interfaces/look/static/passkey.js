// Passkeys: asks the browser to make one, or to sign with one, and hands its answer to the server. Where the browser knows none, or the page is
// opened by a bare IP address (to which no passkey can be tied), there is nothing to press, and the link by mail is the way.

const fromBase64 = (/** @type {string} */ text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0))
const toBase64 = (/** @type {ArrayBuffer} */ bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')

/** @param {string} address @param {string} token @param {unknown} [body] */
const ask = async (address, token, body) => {
  const sent = body === undefined ? { headers: { accept: 'application/json' }, body: new URLSearchParams({ csrf: token }) } : { headers: { accept: 'application/json', 'x-csrf-token': token, 'content-type': 'application/json' }, body: JSON.stringify(body) }
  const answer = await fetch(address, { method: 'POST', ...sent })
  const told = await answer.json()
  if (!answer.ok) throw new Error(told.code)
  return told
}

/** @param {any} list */
const named = (list) => (list ?? []).map((/** @type {any} */ one) => ({ ...one, id: fromBase64(one.id) }))

/** What the browser answers, as JSON (WebAuthn Level 3, 5.1), written out here because not every browser that knows passkeys knows toJSON. @param {PublicKeyCredential} made */
const written = (made) => {
  const response = /** @type {any} */ (made.response)
  const bytes = Object.fromEntries(['clientDataJSON', 'attestationObject', 'authenticatorData', 'signature', 'userHandle'].flatMap((name) => (response[name] ? [[name, toBase64(response[name])]] : [])))
  return { id: made.id, rawId: toBase64(made.rawId), type: made.type, clientExtensionResults: {}, response: { ...bytes, ...(response.getTransports ? { transports: response.getTransports() } : {}) } }
}

/** @param {HTMLElement} place */
const work = async (place) => {
  const { passkey, options = '', address = '', token = '', next } = place.dataset
  const given = await ask(options, token)
  const challenge = fromBase64(given.challenge)
  if (passkey === 'add') {
    const made = await navigator.credentials.create({ publicKey: { ...given, challenge, user: { ...given.user, id: fromBase64(given.user.id) }, excludeCredentials: named(given.excludeCredentials) } })
    const name = place.querySelector('input')?.value ?? ''
    await ask(address, token, { response: written(/** @type {PublicKeyCredential} */ (made)), ...(name === '' ? {} : { name }) })
    location.reload()
    return
  }
  const signed = await navigator.credentials.get({ publicKey: { ...given, challenge, userVerification: 'required', allowCredentials: named(given.allowCredentials) } })
  location.assign((await ask(address, token, { response: written(/** @type {PublicKeyCredential} */ (signed)), ...(next === undefined ? {} : { next }) })).next)
}

const place = document.querySelector('[data-passkey]')
if (place instanceof HTMLElement && typeof PublicKeyCredential === 'function' && !/^[\d.]+$|:/.test(location.hostname)) {
  place.hidden = false
  const button = place.querySelector('button')
  const status = place.querySelector('[role=status]')
  button?.addEventListener('click', async () => {
    button.disabled = true
    if (status) status.textContent = ''
    try {
      await work(place)
    } catch (error) {
      if (status) status.textContent = (error instanceof Error && error.message === 'http.passkey_stale' ? place.dataset.stale : place.dataset.failed) ?? ''
      button.disabled = false
    }
  })
}
