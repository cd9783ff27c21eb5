import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownHosts } from './own-hosts.ts'

test('a public site answers under its own name only', () => {
  assert.deepEqual([...ownHosts('https://credentials.example.org')], ['credentials.example.org'])
  assert.deepEqual([...ownHosts('https://credentials.example.org:8443')], ['credentials.example.org:8443'])
})

test('a site on this machine answers under every name of the machine, at its own port', () => {
  assert.deepEqual([...ownHosts('http://localhost:3000')].sort(), ['127.0.0.1:3000', '[::1]:3000', 'localhost:3000'])
  assert.equal(ownHosts('http://localhost:3000').has('localhost:3001'), false)
  assert.equal(ownHosts('http://localhost:3000').has('localhost.evil.example:3000'), false)
})
