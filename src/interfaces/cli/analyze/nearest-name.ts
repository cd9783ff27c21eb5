import { distance } from '../distance.ts'

/** The name that somebody may have meant: the same but for upper case and signs, or two slips away at most (one in short names). */
export function nearestName(given: string, names: readonly string[]): string {
  const bare = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
  const same = names.find((name) => bare(name) === bare(given) && bare(given) !== '')
  if (same !== undefined) return same
  const begun = (name: string): number => (given !== '' && name.toLowerCase().startsWith(given[0]!.toLowerCase()) ? 1 : 0)
  const scored = names.map((name) => ({ name, far: distance(given.toLowerCase(), name.toLowerCase()) })).sort((a, b) => a.far - b.far || begun(b.name) - begun(a.name))
  const [best] = scored
  if (best !== undefined && best.far <= (given.length <= 4 ? 1 : Math.max(2, Math.floor(given.length / 4)))) return best.name
  return names.find((name) => given.length >= 3 && (name.toLowerCase().startsWith(given.toLowerCase()) || given.toLowerCase().startsWith(name.toLowerCase()))) ?? ''
}
