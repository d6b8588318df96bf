import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, dirname } from 'node:path'
import { spawnSync } from 'node:child_process'
import { agrees, expectationsOf } from './examples/expectations.ts'
import { examplesOfPage, examplesOfSource } from './examples/extract.ts'
import { findFiles, root } from './source/sourceFile.ts'
const folder = join(root, 'scripts/.try-examples')
rmSync(folder, { recursive: true, force: true }); mkdirSync(folder, { recursive: true })
const read = (p: string) => readFileSync(join(root, p), 'utf8')
const only = process.argv.slice(2)
const ex = ['heads', 'pretrain', 'eval'].flatMap(p => [...findFiles(`packages/${p}/src/**/*.ts`).flatMap(f => examplesOfSource(f, read(f))), ...examplesOfPage(`packages/${p}/README.md`, read(`packages/${p}/README.md`))]).filter(e => only.length === 0 || only.some(o => e.path.includes(o)))
const files = ex.map((e, i) => { const f = join(folder, `${i}.${e.path.replaceAll('/', '.').replace(/\.(ts|md)$/, '')}.L${e.line}.ts`); writeFileSync(f, e.code); return f })
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ extends: '../../tsconfig.base.json', compilerOptions: { noEmit: true, composite: false, noUnusedLocals: false }, files, references: ['core','data','heads','pretrain','eval'].map(p => ({path: `../../packages/${p}`})) }))
const t = spawnSync('npx', ['tsc', '-p', folder], { encoding: 'utf8', cwd: root }); console.log(t.stdout)
const r = spawnSync('node', [join(root, 'scripts/examples/runner.ts'), ...files], { encoding: 'utf8', cwd: folder })
const runs = new Map(r.stdout.split('\n').filter(l => l.startsWith('{')).map(l => JSON.parse(l)).map(x => [x.file, x]))
if (r.stderr) console.log(r.stderr.slice(-3000))
let n = 0
ex.forEach((e, i) => { const run = runs.get(files[i]!) as any; if (!run || run.error) { console.log(e.path, e.line, run?.error ?? 'lost'); return }
 for (const [line, expected] of expectationsOf(e)) { n++; const p = run.printed[line] ?? '(nothing)'; if (!agrees(expected, p)) console.log(`${e.path}:${line}\n says ${expected}\n prints ${p}`) } })
console.log(ex.length, 'programs', n, 'lines')
rmSync(folder, { recursive: true, force: true })
