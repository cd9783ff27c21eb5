import { faults } from '#kernel/fault'

export const fault = faults('db', {
  in_use: ['conflict', (d: { folder: string; pid: number }) => `${d.folder} is in use by process ${d.pid}; stop that one first, or name another folder with --data.`],
  not_writable: ['refused', (d: { folder: string; reason: string }) => `${d.folder} cannot be written (${d.reason}); name a folder of your own with --data.`],
  no_binaries: ['refused', (d: { platform: string }) => `There is no packaged PostgreSQL for ${d.platform}; set DATABASE_URL to a PostgreSQL server (14 or newer).`],
  not_started: ['broken', (d: { reason: string }) => `The embedded PostgreSQL did not start: ${d.reason}`],
  disk_full: ['unavailable', () => 'The disk is full; free some space and try again. Nothing that was confirmed is lost.'],
  unreachable: ['unavailable', (d: { reason: string }) => `The database cannot be reached (${d.reason}); check DATABASE_URL and that the server runs.`],
  server_too_old: ['refused', (d: { version: string }) => `The database server is PostgreSQL ${d.version}; Laurel needs 14 or newer.`],
  other_major: ['refused', (d: { folder: string; found: string; needed: string }) => `${d.folder} was made by PostgreSQL ${d.found} and this is ${d.needed}; run the older release, or start with an empty folder.`],
  schema_newer: ['refused', (d: { found: number; known: number }) => `The database was made by a newer Laurel (schema ${d.found}, this one knows ${d.known}); install that version or a newer one.`],
  migration_changed: ['broken', (d: { migration: string }) => `Migration ${d.migration} differs from the one that this database was made with; restore the file as it was.`],
})
