/** The launcher, run in a folder of its own with an npm that installs nothing but a Node of two lines. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { root } from './run-tests.ts'

interface Project {
  readonly folder: string
  /** What npm was asked for so far. */
  installs(): readonly string[]
  run(words: readonly string[], env?: Readonly<Record<string, string | undefined>>): Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>
}

function program(path: string, lines: readonly string[]) {
  writeFileSync(path, `#!/bin/sh\n${lines.join('\n')}\n`)
  chmodSync(path, 0o755)
}

function project(t: TestContext, options: { readonly packagedNode?: string; readonly npm?: readonly string[] } = {}): Project {
  const folder = mkdtempSync(join(tmpdir(), 'laurel launcher '))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  copyFileSync(join(root, 'laurel'), join(folder, 'laurel'))
  chmodSync(join(folder, 'laurel'), 0o755)
  writeFileSync(join(folder, 'package-lock.json'), '{"first": true}')
  mkdirSync(join(folder, 'host'))
  const packaged = `node_modules/node-some-machine/bin`
  program(join(folder, 'host/npm'), options.npm ?? [
    `echo "$*" >> installs`,
    `case $1 in ci) rm -rf node_modules ;; esac`,
    `sleep 0.3; mkdir -p ${packaged}; touch node_modules/.package-lock.json`,
    `case $* in *--include=dev*) mkdir -p node_modules/typescript ;; esac`,
    `printf '#!/bin/sh\\n[ "$1" = --version ] && { echo ${options.packagedNode ?? 'v24.21.0'}; exit; }\\nfor word; do echo "$word"; done\\n' > ${packaged}/node; chmod +x ${packaged}/node`,
  ])
  program(join(folder, 'host/node'), [`[ "$1" = --version ] && echo v20.1.0`])
  return {
    folder,
    installs: () => (existsSync(join(folder, 'installs')) ? readFileSync(join(folder, 'installs'), 'utf8').trim().split('\n') : []),
    run: (words, env = {}) =>
      new Promise((resolve) => {
        const child = spawn(join(folder, 'laurel'), words, { cwd: '/', env: { ...process.env, PATH: `${join(folder, 'host')}:/usr/bin:/bin`, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
        let [out, err] = ['', '']
        child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
        child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
        child.on('close', (code) => resolve({ code, out, err }))
      }),
  }
}

const asked = (line: string | undefined) => line?.replace(/ --include=optional.*/, '')

test('the first run installs what runs Laurel, the second nothing, and the words of the command line arrive whole', async (t) => {
  const { folder, run, installs } = project(t)
  const first = await run(['issue', 'a file.csv', ''])
  assert.equal(first.code, 0, first.err)
  assert.equal(first.out, `${join(folder, 'src/main.ts')}\nissue\na file.csv\n\n`)
  assert.equal(first.err, 'Installing packages (once)...\n')
  const second = await run(['help'])
  assert.equal(second.err, '')
  assert.deepEqual(installs().map(asked), ['ci --omit=dev'])
})

test('a command for developers adds what it needs without emptying the folder, and a full install serves both', async (t) => {
  const { folder, run, installs } = project(t)
  await run(['help'])
  const tests = await run(['test', '--only', 'x'])
  assert.equal(tests.out, `${join(folder, 'scripts/test.ts')}\n--only\nx\n`)
  await run(['check'])
  await run(['start'])
  assert.deepEqual(installs().map(asked), ['ci --omit=dev', 'install --no-save --include=dev'])
})

test('a lock file that changed is installed anew, and packages that somebody installed by hand are left alone', async (t) => {
  const { folder, run, installs } = project(t)
  await run(['check'])
  writeFileSync(join(folder, 'package-lock.json'), '{"second": true}')
  await run(['check'])
  assert.deepEqual(installs().map(asked), ['ci --include=dev', 'ci --include=dev'])
  writeFileSync(join(folder, 'package-lock.json'), '{"third": true}')
  await new Promise((resolve) => setTimeout(resolve, 20))
  rmSync(join(folder, 'node_modules/.package-lock.json'))
  writeFileSync(join(folder, 'node_modules/.package-lock.json'), '{}') // as npm does at the end of an install
  await run(['check'])
  assert.equal(installs().length, 2)
})

test('of several that start at once one installs and the others wait for it', async (t) => {
  const { run, installs } = project(t)
  const all = await Promise.all([1, 2, 3].map(() => run(['help'])))
  assert.deepEqual(all.map((one) => one.code), [0, 0, 0])
  assert.equal(installs().length, 1)
  assert.equal(all.filter((one) => /^Waiting for process \d+, which is installing/.test(one.err)).length, 2)
})

test('the lock of an installer that died is taken over', async (t) => {
  const { folder, run, installs } = project(t)
  symlinkSync('999999999', join(folder, '.installing'))
  assert.equal((await run(['help'])).code, 0)
  assert.equal(installs().length, 1)
  assert.equal(existsSync(join(folder, '.installing')), false)
})

test('when npm fails its words are shown, the exit code is 2, and the next run tries again', async (t) => {
  const { run, installs } = project(t, { npm: ['echo "$*" >> installs', 'echo "npm error: no network" >&2', 'exit 1'] })
  const failed = await run(['help'])
  assert.equal(failed.code, 2)
  assert.match(failed.err, /no network[^]*could not be installed/)
  await run(['help'])
  assert.equal(installs().length, 2)
})

test('where no Node 24 can be had, one sentence says so', async (t) => {
  const { run } = project(t, { packagedNode: 'v22.1.0' })
  const refused = await run(['help'])
  assert.equal(refused.code, 2)
  assert.match(refused.err, /no packaged Node fits this machine \(.+\) and the host's is v20\.1\.0; install Node 24 or newer\.\n$/)
})

test('an empty HOME and none at all do no harm', async (t) => {
  for (const HOME of ['', undefined]) {
    const { run } = project(t)
    assert.equal((await run(['help'], { HOME })).code, 0)
  }
})
