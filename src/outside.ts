/** The one way to the outside. */
import { readFileSync } from 'node:fs'
import { guardedFetch } from '#platform/net'

export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }
export const outside = guardedFetch({ userAgent: `Laurel/${version} (credential verification)` })
