import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkLock, type Lock } from './check-lock.ts'

const manifest = { dependencies: { a: '1.0.0' }, devDependencies: { b: '2.0.0' } }
const lock: Lock = {
  packages: {
    '': manifest,
    'node_modules/a': { version: '1.0.0', dependencies: { c: '^1.0.0' }, optionalDependencies: { 'a-linux': '1.0.0', 'a-mac': '1.0.0' } },
    'node_modules/a/node_modules/c': { version: '1.0.0', dependencies: { d: '*', c2: '*' } },
    'node_modules/a/node_modules/c/node_modules/c2': { version: '1.0.0' },
    'node_modules/a-linux': { version: '1.0.0' },
    'node_modules/a-mac': { version: '1.0.0' },
    'node_modules/b': { version: '2.0.0' },
    'node_modules/d': { version: '1.0.0' },
  },
}
const without = (name: string): Lock => ({ packages: Object.fromEntries(Object.entries(lock.packages).filter(([path]) => path !== name)) })

test('a lock file that holds everything that is asked for passes', () => {
  assert.deepEqual(checkLock(manifest, lock), [])
})

test('a platform whose package is not in the lock file is named', () => {
  const [sentence, ...rest] = checkLock(manifest, without('node_modules/a-mac'))
  assert.match(sentence ?? '', /^a asks for a-mac, which is not in the lock file/)
  assert.deepEqual(rest, [])
})

test('packages are looked for where Node looks for them', () => {
  assert.equal(checkLock(manifest, without('node_modules/d')).length, 1)
  assert.equal(checkLock(manifest, without('node_modules/a/node_modules/c')).length, 1)
  assert.equal(checkLock(manifest, without('node_modules/a/node_modules/c/node_modules/c2')).length, 1)
})

test('a package.json that the lock file is not of, and the address of a registry, are named', () => {
  assert.equal(checkLock({ ...manifest, dependencies: { a: '1.0.1' } }, lock).length, 1)
  assert.equal(checkLock({ dependencies: manifest.dependencies }, lock).length, 1)
  const addressed: Lock = { packages: { ...lock.packages, 'node_modules/d': { version: '1.0.0', resolved: 'https://registry.example/d.tgz' } } }
  assert.equal(checkLock(manifest, addressed).length, 1)
})
