/**
 * The pages of docs/replications: published figures of real experiments beside those that the kernel computes from the same data.
 *
 * A study is a file docs/replications/NAME.ts that exports `study`; its page holds its figures and its code. Pages are made where ../shared/data is;
 * elsewhere they stay as they are. A study that is `slow` is computed only where the long forms are wanted.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { readData, withoutData, type Claim, type Figure, type Study } from '../docs/replications/study.ts'
import { root } from './run-tests.ts'

const folder = 'docs/replications'

interface NamedStudy {
  readonly name: string
  readonly study: Study
  readonly code: string
}

export async function studies(): Promise<readonly NamedStudy[]> {
  const files = readdirSync(join(root, folder)).filter((file) => file.endsWith('.ts') && !['study.ts', 'beside-grf.ts'].includes(file)).toSorted()
  const out: NamedStudy[] = []
  for (const file of files) {
    const loaded = (await import(pathToFileURL(join(root, folder, file)).href)) as { readonly study?: Study }
    if (loaded.study === undefined) throw new TypeError(`${folder}/${file} exports no study.`)
    out.push({ name: file.slice(0, -'.ts'.length), study: loaded.study, code: readFileSync(join(root, folder, file), 'utf8') })
  }
  return out
}

/** The pages by their path; none where the data are absent. */
export async function replicationPages(full: boolean): Promise<Readonly<Record<string, string>>> {
  if (withoutData) return {}
  const all = await studies()
  const pages: Record<string, string> = {}
  for (const one of all) if (full || one.study.slow === undefined) pages[`${folder}/${one.name}.md`] = await pageOf(one)
  return { [`${folder}/README.md`]: indexOf(all), ...pages }
}

/** Digits behind the point of a printed figure. */
const digitsOf = (printed: string): number => printed.split('.')[1]?.length ?? 0
const valueOf = (printed: string): number => Number(printed.replaceAll(',', ''))

/** Whether a figure, rounded as the printed one, is the printed one. */
export const agrees = (ours: number | null | undefined, printed: string | undefined): boolean => printed === undefined || (typeof ours === 'number' && ours.toFixed(digitsOf(printed)) === valueOf(printed).toFixed(digitsOf(printed)))

/** What is wrong with a claim, or undefined. A stated difference that is none is wrong too. */
export function complaint(claim: Claim, { estimate, std_error }: Figure): string | undefined {
  const { published, differs, errorDiffers, within } = claim
  if (within !== undefined) {
    const { errors, share } = apart(claim, { estimate, ...(std_error === undefined ? {} : { std_error }) })
    if (!(Math.abs(errors) <= within.errors)) return `“${claim.what}” is ${estimate}, ${errors.toFixed(2)} standard errors from ${published.estimate}`
    return share === undefined || Math.abs(share) <= within.share ? undefined : `the error of “${claim.what}” is ${std_error} where ${published.std_error} was published`
  }
  const [same, sameError] = [agrees(estimate, published.estimate), agrees(std_error, published.std_error)]
  if (differs !== undefined) return same && sameError ? `“${claim.what}” is said to differ and does not` : undefined
  if (!same) return `“${claim.what}” is ${estimate} and was published as ${published.estimate}`
  if (errorDiffers !== undefined) return sameError ? `the error of “${claim.what}” is said to differ and does not` : undefined
  return sameError ? undefined : `the error of “${claim.what}” is ${std_error} and was published as ${published.std_error}`
}

/** How far a figure lies from the published one: in its standard errors, and its error as a share of the published one. */
function apart({ published }: Claim, { estimate, std_error }: Figure): { readonly errors: number; readonly share: number | undefined } {
  const error = valueOf(published.std_error ?? '')
  return { errors: (estimate - valueOf(published.estimate)) / error, share: typeof std_error === 'number' ? std_error / error - 1 : undefined }
}

function sayApart(claim: Claim, figure: Figure): string {
  const { errors, share } = apart(claim, figure)
  return `${Math.abs(errors).toFixed(2)} of its standard error apart${share === undefined ? '' : `; error ${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(1)}%`}`
}

const written = (value: number, digits: number): string => value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−')

/** A figure with a digit or two more than the printed one. */
function ours(claim: Claim, { estimate, std_error }: Figure): string {
  const digits = Math.max(1, digitsOf(claim.published.estimate) + 1)
  return `${written(estimate, digits)}${typeof std_error !== 'number' ? '' : ` (${written(std_error, digits)})`}`
}

async function pageOf({ name, study, code }: NamedStudy): Promise<string> {
  const data = readData(study.file)
  const figures: { readonly claim: Claim; readonly figure: Figure }[] = []
  for (const claim of study.claims) figures.push({ claim, figure: await claim.ours(data) })
  for (const { claim, figure } of figures) {
    const wrong = complaint(claim, figure)
    if (wrong !== undefined) throw new Error(`${folder}/${name}.ts: ${wrong}.`)
  }
  const rows = figures.map(({ claim, figure }) => {
    const { published } = claim
    const printed = `${published.estimate.replace('-', '−')}${published.std_error === undefined ? '' : ` (${published.std_error})`}${published.source === 'read' ? '' : ' †'}`
    const judged = claim.within !== undefined ? sayApart(claim, figure) : claim.differs ?? (claim.errorDiffers === undefined ? 'every digit' : `the estimate to every digit; ${claim.errorDiffers}`)
    return `| ${claim.what}, ${claim.unit} | ${printed} | ${ours(claim, figure)} | ${figure.n?.toLocaleString('en-US') ?? ''} | ${judged} |`
  })
  const places = study.claims.map(({ what, published }) => `- ${what}: ${published.place}${published.source === 'read' ? '' : ' †'}`)
  const remembered = study.claims.some(({ published }) => published.source === 'from memory')
  return `# ${study.title}

<!-- Generated by ./laurel generate from ${folder}/${name}.ts. -->

${study.question}

${study.papers.map((paper) => `- ${paper}`).join('\n')}
- Data: \`${study.file}\`. ${study.origin}

| what | published | Laurel | rows | agreement |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Standard errors in brackets. ${study.claims.some((claim) => claim.within === undefined) ? '“Every digit” means that the figure, rounded as it was printed, is the printed one.' : 'Forests are drawn by chance, so two right ones agree up to a part of the standard error.'}${remembered ? '\n† Quoted from memory and not checked against the print: look it up before quoting it on. That our figure agrees to the last digit speaks for both.' : ''}

${study.notes.join('\n\n')}

## Where the figures stand

${places.join('\n')}
${
  study.command === undefined
    ? ''
    : `
## The same from the command line

\`\`\`sh
./laurel analyze ${study.file} ${study.command.words}
\`\`\`

gives the figure of “${study.claims[study.command.claim]!.what}”.
`
}
## The code

\`node ${folder}/${name}.ts\` computes it; with \`laurel/causal\` in the place of \`#kernel/causal\` the same runs in any project.

\`\`\`ts
${code.trim()}
\`\`\`
`
}

const indexOf = (all: readonly NamedStudy[]): string => `# Published experiments, computed anew

<!-- Generated by ./laurel generate from ${folder}/*.ts. -->

Each page holds what the authors printed, what Laurel computes from the same data, and the code that does it; a test computes all of them again.
The data are copies that teaching packages pass on; they are not part of Laurel.

| experiment | published figures | to every digit | drawn by chance, within a part of their error |
| --- | --- | --- | --- |
${all.map(({ name, study: { title, claims } }) => `| [${title}](${name}.md) | ${claims.length} | ${claims.filter((one) => one.differs === undefined && one.errorDiffers === undefined && one.within === undefined).length} | ${claims.filter((one) => one.within !== undefined).length || ''} |`).join('\n')}
`
