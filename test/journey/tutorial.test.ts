/** The tutorial, followed: its commands are run in its order, and where it shows what they print, that is what they print. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'

const root = join(import.meta.dirname, '../..')
const tutorial = readFileSync(join(root, 'docs/tutorial/first-estimate.md'), 'utf8')

/** Each command, with the block of output that stands right after it, if one does. */
const steps = [...tutorial.matchAll(/```sh\n([^]*?)```(?:\n\n```\n([^]*?)```)?/g)].map(([, command = '', shown]) => ({ command: command.replaceAll('\\\n', '').trim(), shown }))

/** Output that depends on the draw: its figures, and the widths of columns that hold them, are left out of the comparison. */
const withoutFigures = (text: string) => text.replace(/[-−]?\d[\d.,]*/g, 'N').replace(/ +/g, ' ')

suite('the tutorial', () => {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-tutorial-'))
  for (const name of ['laurel', 'examples']) symlinkSync(join(root, name), join(folder, name))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const run = (command: string) => spawnSync('bash', ['-c', command], { cwd: folder, env: { ...process.env, LAUREL_DATA: join(folder, 'data') }, encoding: 'utf8' })

  test('begins with npm start and has a command for each of its steps', () => {
    assert.equal(steps[0]?.command, 'npm start')
    assert.ok(steps.length >= 6, `${steps.length} commands`)
  })

  for (const { command, shown } of steps.slice(1)) {
    // The year of 2,000 learners has tests of its own; here it is enough that the command is right.
    const short = command.replace('--learners 2000', '--learners 100 --months 3')
    test(command.slice(0, 60), () => {
      const { status, stdout, stderr } = run(short)
      assert.equal(status, 0, `${stdout}${stderr}`)
      if (shown === undefined) return
      const printed = stdout.replaceAll('\u00a0', ' ')
      const [got, wanted] = command.includes('estimate') ? [withoutFigures(printed), shown.split('\n').slice(0, 2).map(withoutFigures).join('\n')] : [printed, shown]
      assert.ok(got.includes(wanted.trimEnd()), `the tutorial shows\n${shown}\nand it printed\n${printed}`)
    })
  }

  test('leaves what it promises: a file for each credential', () => {
    assert.equal(readdirSync(join(folder, 'credentials')).filter((name) => name !== 'did.json').length, 300)
  })
})
