/** Completions from a file: upload it, and read every fault with its row, column and value. Nothing is half imported. */
import { block, button, deskPage, empty, figuresOf, html, isolated, link, linkButton, note, nothing, postForm, table, type DeskChrome, type Html } from '#interfaces/look'

/** One thing wrong, at its place. Rows count from 1 and the header is row 1, as a spreadsheet shows them. */
export interface ImportFault {
  readonly sentence: string
  readonly row?: number
  readonly column?: string
  readonly value?: string
}

export interface ImportView {
  /** Takes a multipart POST with `achievement`, `partial` and `file`, which comes last because it is read as it arrives. */
  readonly address: string
  readonly largestBytes: number
  readonly columns: readonly { readonly name: string; readonly required: boolean; readonly what: string }[]
  readonly achievements: readonly { readonly handle: string; readonly name: string }[]
  readonly result?: {
    /** `refused`: nothing was imported. `partial`: the good rows were, on request. */
    readonly outcome: 'imported' | 'partial' | 'refused'
    readonly fileName?: string
    readonly rows: number
    readonly imported: number
    /** Rows that were there already; they are left as they are. */
    readonly known: number
    readonly faults: readonly ImportFault[]
    /** How many there are in all, where the list is cut. */
    readonly faultsInAll: number
    readonly faultsAddress?: string
    readonly credentialsAddress?: string
  }
}

const figures = figuresOf('en')

export function importPage(view: ImportView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Completions',
      lead: 'A file from the course platform, one row a learner. Each new completion issues a credential, draws its learner, and starts what the arm says.',
      main: html`${view.result === undefined ? nothing : result(view.result)}
${block(
        'upload',
        'Import a file',
        view.achievements.length === 0
          ? empty('There is no achievement yet that a completion could be of. Add one first: ./laurel issue FILE.csv --achievement FILE.json')
          : postForm(
              view.address,
              chrome,
              html`<div class="field"><label for="achievement">Achievement</label><select class="input" id="achievement" name="achievement">${view.achievements.map((one) => html`<option value="${one.handle}">${one.name}</option>`)}</select></div>
<label class="choice"><input type="checkbox" name="partial" value="yes"> <span><b>Import the good rows even if some are wrong</b><br><span class="fine">Otherwise one wrong row refuses the whole file.</span></span></label>
<div class="field"><label for="file">Choose a CSV file, or drop it here</label><input class="well" id="file" type="file" name="file" accept=".csv,text/csv" required aria-describedby="file-hint"><p class="fine" id="file-hint">UTF-8, up to ${figures.bytes(view.largestBytes)}</p></div>
<p class="actions">${button('Import', { kind: 'primary' })}</p>`,
              { multipart: true, className: 'stack narrow-form' },
            ),
      )}
${block(
        'columns',
        'The columns',
        html`${table(
          'Columns of the file',
          [
            { head: 'Column', kind: 'name', cell: (row) => html`<span class="mono">${row.name}</span>` },
            { head: 'Needed', cell: (row) => (row.required ? 'yes' : html`<span class="fine">no</span>`) },
            { head: 'What it holds', kind: 'long', cell: (row) => row.what },
          ],
          view.columns,
        )}
<p class="fine">Further columns are kept as they are, as facts known before the draw; analyses may adjust for them.</p>`,
      )}`,
    },
    chrome,
  )
}

function result(view: NonNullable<ImportView['result']>): Html {
  const file = view.fileName === undefined ? 'The file' : html`<bdi>${view.fileName}</bdi>`
  const counted = `${figures.number(view.imported)} of ${figures.number(view.rows)} rows were imported${view.known === 0 ? '' : `; ${figures.number(view.known)} were there already`}.`
  const shown = view.faults.length
  return block(
    'result',
    view.outcome === 'refused' ? 'Nothing was imported' : view.outcome === 'partial' ? 'The good rows were imported' : 'Imported',
    html`${view.outcome === 'refused'
      ? note(html`${file} has ${view.faultsInAll === 1 ? 'one fault' : html`${figures.number(view.faultsInAll)} faults`}. Mend ${view.faultsInAll === 1 ? 'it' : 'them'} and send it again; no row of it was taken.`, 'bad')
      : note(html`${file}: ${counted}`, view.outcome === 'partial' ? 'warn' : 'good')}
${shown === 0
  ? nothing
  : html`${table<ImportFault>(
      'Faults in the file',
      [
        { head: 'Row', kind: 'name', cell: (row) => (row.row === undefined ? 'File' : `Row\u00a0${figures.number(row.row)}`) },
        { head: 'Column', cell: (row) => (row.column === undefined ? '' : html`<span class="mono">${row.column}</span>`) },
        { head: 'Value', cell: (row) => (row.value === undefined || row.column === undefined ? '' : row.value === '' ? html`<span class="fine">empty</span>` : html`<span class="value-fault">${isolated(row.value)}</span>`) },
        { head: 'What is wrong', kind: 'long', cell: (row) => row.sentence },
      ],
      view.faults,
      { className: 'after' },
    )}
${view.faultsInAll > shown ? html`<p class="fine">The first ${figures.number(shown)} of ${figures.number(view.faultsInAll)}. ${link(view.faultsAddress, 'All of them as CSV')}</p>` : view.faultsAddress === undefined ? nothing : html`<p class="fine">${link(view.faultsAddress, 'As CSV')}</p>`}`}
${view.outcome === 'refused' ? nothing : html`<p class="actions">${linkButton(view.credentialsAddress, 'See the credentials', 'compact')}</p>`}`,
  )
}
