/** A thread for the tests of this room: does what it is told, good and bad. */
import { serveApart } from './serve.ts'

serveApart(async (job, call) => {
  const { what, text = '' } = job as { readonly what: string; readonly text?: string }
  if (what === 'spin') for (;;);
  if (what === 'fill') for (const held: string[] = []; ; held.push(`${Math.sqrt(held.length)}`.repeat(1_000)));
  if (what === 'throw') throw new Error('the work is at fault')
  if (what === 'ask') return `${String(await call('answer', text))}!`
  return text
})
