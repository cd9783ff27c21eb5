/** All experiments of an issuer. */
import { block, deskPage, empty, figuresOf, html, link, linkButton, moment, nothing, table, tag, type DeskChrome, type Html } from '#interfaces/look'

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
  readonly newAddress?: string
}

const figures = figuresOf('en')
const states = { draft: ['Draft', 'warn'], running: ['Running', 'good'], stopped: ['Stopped', 'plain'] } as const

export function experimentsPage(view: ExperimentsView, chrome: DeskChrome): Html {
  return deskPage(
    {
      title: 'Experiments',
      lead: 'Every nudge is an experiment: a draw decides who gets it, so what it did can be known.',
      ...(view.newAddress === undefined ? {} : { actions: linkButton(view.newAddress, 'New experiment', 'primary') }),
      main:
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
            )}</section>`,
    },
    chrome,
  )
}
