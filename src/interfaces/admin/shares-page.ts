/** Shares: where learners went to show their credentials, and how sure it is that they stand there. States are never merged, and an inference is called one. */
import { block, deskPage, empty, figuresOf, html, nothing, table, tag, type Column, type DeskChrome, type Html } from '#interfaces/look'

/** `undefined` where it cannot be known of that place, which is not none. */
export type Known = number | undefined

export interface PlaceRow {
  readonly place: string
  readonly went: number
  readonly prompted: number
  readonly told: Known
  readonly exported: Known
  readonly fetched: Known
  readonly seen: number
  /** Each placement once, by its strongest evidence. */
  readonly strongest: { readonly exported: Known; readonly told: Known; readonly seen: number; readonly fetched: Known; readonly went: number }
}

export interface SharesView {
  readonly rows: readonly PlaceRow[]
  readonly total: PlaceRow
  /** Credentials that anybody went off to share, each once. */
  readonly credentials: number
  /** Shares that the twin's learners were made to confirm; they stand among those told. */
  readonly simulated: number
}

const figures = figuresOf('en')
const cell = (count: Known): Html | string => (count === undefined ? html`<span class="fine">cannot be known</span>` : figures.number(count))

export const sharesPage = (view: SharesView, chrome: DeskChrome): Html =>
  deskPage(
    {
      title: 'Shares',
      lead: 'Where learners went to show their credentials, and how sure it is that they stand there.',
      main: view.rows.length === 0 ? block('places', 'The places', empty('Nobody has gone off to share yet. Each place that a learner goes to will stand here.')) : html`${answer(view)}${places(view)}${ladder(view)}${reading}`,
    },
    chrome,
  )

function answer({ total, credentials, simulated }: SharesView): Html {
  const { strongest } = total
  const known = (strongest.exported ?? 0) + (strongest.told ?? 0) + strongest.seen
  const share = (count: number): string => `${figures.number(count)} of ${figures.number(total.went)}`
  return block(
    'answer',
    'How much is known',
    html`<p class="answer">${figures.number(credentials)} ${credentials === 1 ? 'credential' : 'credentials'} went to ${figures.number(total.went)} ${total.went === 1 ? 'place' : 'places'}. For <b>${share(known)}</b> there is evidence that it stands there: ${figures.number(strongest.exported ?? 0)} documented, ${figures.number(strongest.told ?? 0)} told, ${figures.number(strongest.seen)} seen. For ${figures.number(strongest.fetched ?? 0)} it is inferred, and of ${figures.number(strongest.went)} no more is known than that the learner went.</p>
<p class="fine">Counts of what happened, not effects: what the nudges changed stands with the experiment, by arm.${simulated === 0 ? nothing : ` ${figures.number(simulated)} of those told are from simulated learners.`}</p>`,
  )
}

const placeColumn: Column<PlaceRow> = { head: 'Place', kind: 'name', cell: (row) => row.place }

const places = (view: SharesView): Html =>
  block(
    'places',
    'The places, state by state',
    html`${table(
      'What is known of each place; one share can stand in several columns',
      [
        placeColumn,
        { head: 'Went there', kind: 'number', cell: (row) => figures.number(row.went) },
        { head: 'After a prompt', kind: 'number', cell: (row) => figures.number(row.prompted) },
        { head: 'Learner told us', kind: 'number', cell: (row) => cell(row.told) },
        { head: 'In their export', kind: 'number', cell: (row) => cell(row.exported) },
        { head: 'Preview fetched (inference)', kind: 'number', cell: (row) => cell(row.fetched) },
        { head: 'Opened by somebody else', kind: 'number', cell: (row) => figures.number(row.seen) },
      ],
      view.rows,
      { total: view.total },
    )}
<p class="fine">Across, a share can be counted in several columns, since each is measured apart: some are seen who never told us. “Cannot be known” is not none: no robot tells of a mail, and only a profile has an export.</p>`,
  )

const ladder = (view: SharesView): Html =>
  block(
    'ladder',
    'The same, by the strongest evidence',
    html`${table(
      'Each share once, by the strongest evidence for it',
      [
        placeColumn,
        { head: 'A: documented', kind: 'number', cell: (row) => cell(row.strongest.exported) },
        { head: 'B: told', kind: 'number', cell: (row) => cell(row.strongest.told) },
        { head: 'C: seen', kind: 'number', cell: (row) => figures.number(row.strongest.seen) },
        { head: 'D: inferred', kind: 'number', cell: (row) => cell(row.strongest.fetched) },
        { head: 'E: went, no more', kind: 'number', cell: (row) => figures.number(row.strongest.went) },
      ],
      view.rows,
      { total: view.total },
    )}
<p class="fine">Across, each row adds up to those who went there.</p>`,
  )

const reading = block(
  'grades',
  'What the grades mean',
  html`<dl class="grades">
<div><dt>${tag('A')} Documented</dt><dd>The export that the learner took from the network lists it.</dd></div>
<div><dt>${tag('B')} Told</dt><dd>The learner said that it is there. People mostly tell the truth, and some press the button to be done with it.</dd></div>
<div><dt>${tag('C')} Seen</dt><dd>Nobody told us, but a person, not a robot and not the learner, opened the page by this place’s own link. It stands somewhere; the link may have been passed on.</dd></div>
<div><dt>${tag('D')} Inferred</dt><dd>The network’s own robot fetched the link, as it does while a post is being written. The post may have been thrown away.</dd></div>
<div><dt>${tag('E')} Went</dt><dd>The learner opened the place by our link. Whether anything was posted is not known.</dd></div>
</dl>`,
)
