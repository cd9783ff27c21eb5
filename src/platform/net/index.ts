export { guardedFetch, type Fetched, type GuardedFetch, type GuardedFetchOptions, type Resolve } from './fetch.ts'
export { isPublicAddress } from './public-address.ts'
export { fault } from './faults.ts'
