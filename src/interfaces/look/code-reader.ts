/**
 * The reader of QR codes for browsers that have none of their own (BarcodeDetector), as one script: the two modules of the package `qr` as it is
 * installed, one inside the other, without their comments; the copyright notice stays. It is fetched when somebody opens the camera or chooses a picture.
 */
import { readFileSync } from 'node:fs'

const moduleOf = (specifier: string): string => readFileSync(new URL(import.meta.resolve(specifier)), 'utf8')

/** @throws TypeError when the package is not made of the parts that it has in 0.7.0 */
export function codeReader(): string {
  const [tables, decoder] = [moduleOf('qr'), moduleOf('qr/decode.js')]
  const [notice] = /^\/\*![\s\S]*?\*\//.exec(tables) ?? []
  // import { _BYTES as BYTES, ... } from './index.js'
  const asked = /^import \{([^}]*)\} from '\.\/index\.js';$/m.exec(decoder)?.[1]
  // export { BYTES as _BYTES, ... }
  const given = [...tables.matchAll(/^export \{([^}]*)\};$/gm)].map(([, list]) => list).join(',')
  if (notice === undefined || asked === undefined || given === '' || !/^export const decodeQR = /m.test(decoder)) throw new TypeError('The package qr is not made of the parts that it had.')
  return `${notice}
const { ${pairs(asked, (theirs, ours) => `${theirs}: ${ours}`)} } = (() => {
${bare(tables)}
return { ${pairs(given, (ours, theirs) => `${theirs}: ${ours}`)} }
})()
${bare(decoder)}
export { decodeQR }
`
}

const pairs = (list: string, say: (one: string, other: string) => string): string =>
  [...list.matchAll(/(\w+) as (\w+)/g)].map(([, one = '', other = '']) => say(one, other)).join(', ')

/** Without what modules say to each other, comments that stand on lines of their own, and the room in front of a line. */
function bare(code: string): string {
  return code
    .replace(/^(?:import|export) \{[^}]*\}.*;$/gm, '')
    .replace(/^export default .*$/gm, '')
    .replace(/^export (?=const|function|class|async)/gm, '')
    .replace(/^\s*\/\*[\s\S]*?\*\/$/gm, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/^\s+/gm, '')
    .trim()
}
