/**
 * Builds `laurel/causal` for programs that are not TypeScript: the kernel's rooms fault, numeric and causal as JavaScript with their declarations, in
 * dist/. Types are stripped and imports are renamed; nothing else is changed. `npm pack` runs it (prepack); node scripts/build-causal.ts [folder].
 */
import { execFileSync } from 'node:child_process'
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, posix, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '..')
const rooms = ['fault', 'numeric', 'causal'] as const

/** `./x.ts` is `./x.js`, and `#kernel/room` is that room's door, by its way from the file. */
export function renamed(code: string, from: string): string {
  const to = (target: string): string => {
    const door = /^#kernel\/(\w+)$/.exec(target)
    if (door !== null) {
      const way = posix.relative(posix.dirname(from), `${door[1]!}/index.js`)
      return way.startsWith('.') ? way : `./${way}`
    }
    return target.startsWith('.') ? target.replace(/\.ts$/, '.js') : target
  }
  return code.replaceAll(/(\bfrom\s*|\bimport\s*\(?\s*)(['"])([#.][^'"]*)\2/g, (_, before: string, quote: string, target: string) => `${before}${quote}${to(target)}${quote}`)
}

export function buildCausal(out: string): readonly string[] {
  rmSync(out, { recursive: true, force: true })
  const kernel = join(root, 'src/kernel')
  const files = globSync(rooms.map((room) => `${room}/**/*.ts`), { cwd: kernel }).filter((file) => !file.endsWith('.test.ts'))
  const put = (name: string, text: string): void => {
    const path = join(out, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  for (const file of files) put(file.replace(/\.ts$/, '.js'), renamed(stripTypeScriptTypes(readFileSync(join(kernel, file), 'utf8')), file))
  for (const [file, text] of declarations(files.map((file) => join(kernel, file)))) put(file, renamed(text, file))
  return files
}

function declarations(files: readonly string[]): readonly (readonly [string, string])[] {
  const folder = mkdtempSync(join(tmpdir(), 'laurel-declarations-'))
  try {
    const config = join(folder, 'tsconfig.json')
    writeFileSync(config, JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions: { noEmit: false, declaration: true, emitDeclarationOnly: true, rootDir: join(root, 'src/kernel'), outDir: join(folder, 'out'), typeRoots: [join(root, 'node_modules/@types')] }, include: [], files }))
    execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', config], { stdio: ['ignore', 'pipe', 'pipe'] })
    const made = globSync('**/*.d.ts', { cwd: join(folder, 'out') })
    return made.map((file) => [file, readFileSync(join(folder, 'out', file), 'utf8')])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

if (import.meta.main) {
  const out = resolve(process.argv[2] ?? join(root, 'dist/kernel'))
  const files = buildCausal(out)
  console.log(`${files.length} files in ${relative(process.cwd(), out) || out}`)
}
