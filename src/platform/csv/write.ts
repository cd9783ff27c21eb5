/**
 * One row of CSV (RFC 4180), safe to open in a spreadsheet: a field that a spreadsheet would take for a formula gets an apostrophe before
 * it (OWASP ASVS 1.2.10; CWE-1236).
 */
export function writeCsvRow(fields: readonly (string | number | undefined)[]): string {
  return `${fields.map(field).join(',')}\r\n`
}

function field(value: string | number | undefined): string {
  if (value === undefined) return ''
  if (typeof value === 'number') return String(value)
  const safe = /^[=+\-@\t\r\0＝＋－＠]/u.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
