/** The product as its users meet it: one server, one browser, and walks through every page. */
import { after, before, suite } from 'node:test'
import { openApp } from '#test/app'
import { browserMissing, openBrowser } from '#test/browser'
import { deskWalks } from './desk.ts'
import { employerWalks } from './employer.ts'
import { learnerWalks } from './learner.ts'
import { issuerWalks } from './issuer.ts'
import { passkeyWalks } from './passkey.ts'
import type { Stage } from './stage.ts'
import { verifierWalks } from './verifier.ts'

suite('the running product', { skip: browserMissing ?? false }, () => {
  let opened: Stage | undefined
  const stage = (): Stage => {
    if (!opened) throw new TypeError('the server is not open yet')
    return opened
  }
  before(async () => {
    const [app, browser] = await Promise.all([openApp({ learners: 60, months: 2 }), openBrowser()])
    opened = { app, browser }
  })
  after(async () => {
    await opened?.browser.close()
    await opened?.app.close()
  })

  suite('an employer', () => employerWalks(stage))
  suite('the verifier', () => verifierWalks(stage))
  suite('a learner', () => learnerWalks(stage))
  suite('an issuer', () => issuerWalks(stage))
  suite('a passkey', () => passkeyWalks(stage))
  suite('the desk', () => deskWalks(stage))
})
