import { sql, type Tx } from '#platform/db'

/** Takes one from an allowance if there is one; says how many milliseconds are missing, 0 when it was taken. */
export async function takeAllowance(tx: Tx, subject: string, spacingMs: number, wholeMs: number): Promise<number> {
  const at = (ms: number) => new Date(tx.now.getTime() + ms)
  const taken = await tx.change(sql`insert into http.allowance as known (subject, whole_at) values (${subject}, ${at(spacingMs)})
    on conflict (subject) do update set whole_at = greatest(known.whole_at, ${tx.now}) + make_interval(secs => ${spacingMs / 1000})
    where greatest(known.whole_at, ${tx.now}) + make_interval(secs => ${spacingMs / 1000}) <= ${at(wholeMs)}`)
  if (taken > 0) return 0
  const [known] = await tx.query(sql<{ whole_at: Date }>`select whole_at from http.allowance where subject = ${subject}`)
  return known ? Math.max(1, known.whole_at.getTime() + spacingMs - wholeMs - tx.now.getTime()) : 0
}

export async function forgetWhole(tx: Tx): Promise<void> {
  await tx.change(sql`delete from http.allowance where whole_at < ${tx.now}`)
}

export async function writeProbe(tx: Tx): Promise<void> {
  await tx.change(sql`insert into http.probe (at) values (${tx.now}) on conflict (one) do update set at = excluded.at`)
}

/** The public address of the server, for whoever works beside it. */
export async function recordServed(tx: Tx, publicUrl: string): Promise<void> {
  await tx.change(sql`insert into http.served (public_url, since) values (${publicUrl}, ${tx.now})
    on conflict (one) do update set public_url = excluded.public_url, since = excluded.since where http.served.public_url <> excluded.public_url`)
}

/** The public address under which the server was last started, if ever. */
export async function servedAddress(tx: Tx): Promise<string | undefined> {
  const [served] = await tx.query(sql<{ public_url: string }>`select public_url from http.served`)
  return served?.public_url
}

export async function insertStartLink(tx: Tx, digest: Uint8Array, expiresAt: Date): Promise<void> {
  await tx.change(sql`insert into sign_in.start_link (digest, created_at, expires_at) values (${digest}, ${tx.now}, ${expiresAt})`)
}

/** Uses a link up; false when there is none that can be used. */
export async function useStartLink(tx: Tx, digest: Uint8Array): Promise<boolean> {
  return (await tx.change(sql`update sign_in.start_link set used_at = ${tx.now} where digest = ${digest} and used_at is null and expires_at > ${tx.now}`)) === 1
}

/** Addresses of accounts, in the order of their ids. */
export async function accountsAfter(tx: Tx, after: string, limit: number): Promise<readonly { readonly id: string; readonly email: string }[]> {
  return await tx.query(sql<{ id: string; email: string }>`select id, email from sign_in.person where id > ${after} order by id limit ${limit}`)
}

export async function deleteAccounts(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.change(sql`delete from sign_in.person where id = any(${ids}::text[])`)
}

export interface PasskeyRow {
  readonly id: string
  readonly name: string | undefined
  readonly addedAt: Date | undefined
  /** Kept by a password manager, and so on all devices of it; else bound to one device. */
  readonly synced: boolean
}

export async function passkeysOf(tx: Tx, personId: string): Promise<readonly PasskeyRow[]> {
  const rows = await tx.query(sql<{ id: string; name: string | null; created_at: Date | null; backed_up: boolean }>`select id, name, created_at, backed_up from sign_in.passkey where person_id = ${personId} order by created_at, id`)
  return rows.map((one) => Object.freeze({ id: one.id, name: one.name ?? undefined, addedAt: one.created_at ?? undefined, synced: one.backed_up }))
}

/** Forgets a passkey of this person; false where there is none. */
export async function removePasskey(tx: Tx, personId: string, id: string): Promise<boolean> {
  return (await tx.change(sql`delete from sign_in.passkey where id = ${id} and person_id = ${personId}`)) === 1
}

/** Links that wait to be used by an address. */
export async function deleteWaitingLinks(tx: Tx, email: string): Promise<void> {
  await tx.change(sql`delete from sign_in.verification where position(${JSON.stringify(email)} in value) > 0`)
}

/** What has run out. By the machine's time, because better-auth stamps its rows with it. */
export async function deleteRunOut(tx: Tx): Promise<void> {
  await tx.change(sql`delete from sign_in.session where expires_at < now()`)
  await tx.change(sql`delete from sign_in.verification where expires_at < now()`)
  await tx.change(sql`delete from sign_in.start_link where expires_at < ${tx.now}`)
}
