import { readCsv } from '#platform/csv'

/** A line of the list of certificates on somebody's profile. */
export interface ListedCertificate {
  readonly address: string
  readonly id: string
}

/**
 * Reads Certifications.csv of the copy that LinkedIn gives members of their data: Name, Url, Authority, Started On, Finished On, License Number
 * (research notes on the domain, D1). Only the address and the number are taken; what else somebody has earned is not ours to know.
 *
 * @throws Fault `csv.*`
 */
export async function readCertifications(bytes: AsyncIterable<Uint8Array>): Promise<readonly ListedCertificate[]> {
  const listed: ListedCertificate[] = []
  for await (const { fields } of readCsv(bytes, ['url', 'license number'])) {
    const [address, id] = [fields['url'] ?? '', fields['license number'] ?? '']
    if (address !== '' || id !== '') listed.push(Object.freeze({ address, id }))
  }
  return Object.freeze(listed)
}
