/** All experiments of an issuer. */
import { block, button, choice, deskPage, empty, field, figuresOf, html, link, moment, nothing, postForm, table, tag, type DeskChrome, type Html } from '#interfaces/look'

export interface ExperimentsView {
  readonly experiments: readonly {
    readonly name: string
    readonly question: string
    readonly address: string
    readonly state: 'draft' | 'running' | 'stopped'
    readonly startedAt?: Date
    readonly drawn: number
    readonly reportAddress?: string
  }[]
  /** Takes a POST with `name` and `workflow`; left out while one runs. */
  readonly create?: { readonly address: string; readonly workflows: readonly { readonly name: string; readonly label: string; readonly what: string }[] }
}

const figures = figuresOf('en')
const states = { draft: ['Draft', 'warn'], running: ['Running', 'good'], stopped: ['Stopped', 'plain'] } as const

export function experimentsPage(view: ExperimentsView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Experiments',
      lead: 'Every nudge is an experiment: a draw decides who gets it, so what it did can be known.',
      main: html`${
        view.experiments.length === 0
          ? block('list', 'None yet', empty('Experiments will stand here. Until one runs, learners are not drawn, and nobody can say what a nudge does.'))
          : html`<section class="sheet block">${table(
              'Experiments, newest first',
              [
                { head: 'Experiment', kind: 'name', cell: (row) => html`${link(row.address, row.name)}<br><span class="fine">${row.question}</span>` },
                { head: 'State', cell: (row) => tag(states[row.state][0], states[row.state][1]) },
                { head: 'Started', cell: (row) => (row.startedAt === undefined ? html`<span class="fine">not yet</span>` : moment(row.startedAt, figures.date(row.startedAt))) },
                { head: 'Drawn', kind: 'number', cell: (row) => figures.number(row.drawn) },
                { head: 'Report', silent: true, cell: (row) => (row.reportAddress === undefined ? nothing : link(row.reportAddress, 'Report')) },
              ],
              view.experiments,
            )}</section>`
      }${view.create === undefined ? nothing : create(view.create, chrome)}`,
    },
    chrome,
  )
}

const create = (view: NonNullable<ExperimentsView['create']>, chrome: DeskChrome): Html =>
  block(
    'create',
    'A new experiment',
    postForm(
      view.address,
      chrome,
      html`${field('name', 'What it is called', { required: true, maxLength: 200, value: 'Prompt to share' })}
<fieldset><legend>What half of the learners are sent</legend>${view.workflows.map((one, at) => choice('workflow', one.name, one.label, one.what, at === 0))}</fieldset>
<p class="fine">The other half walks the same steps and is sent nothing. Nobody is drawn before it is started.</p>
<p class="actions">${button('Draft it', { kind: 'primary' })}</p>`,
      { className: 'stack narrow-form' },
    ),
  )
