import type { Tx } from '#platform/db'

/** 64 bits in 11 characters: it is read out of posts by everybody and opens nothing, but guessing one would put a view in a wrong place. */
export const shortToken = (tx: Tx): string => Buffer.from(tx.ids.bytes(8)).toString('base64url')
