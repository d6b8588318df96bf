import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import { findFiles, root } from '../source/sourceFile.ts'

const pages = findFiles('*.md', '{docs,packages,experiments,bench}/**/*.md')

/** Links to other files, without those to the network and to a heading of the same page. */
const linksOf = (text: string): string[] =>
  [...text.matchAll(/\]\(([^)\s#]+)(?:#[^)]*)?\)/g)]
    .map((match) => match[1]!)
    .filter((link) => !/^[a-z]+:/.test(link))

test.each(pages)('every link of %s leads to a file', (page) => {
  const text = readFileSync(join(root, page), 'utf8')
  const broken = linksOf(text).filter(
    (link) => !existsSync(join(root, normalize(join(dirname(page), link)))),
  )
  expect(broken).toEqual([])
})

test('every page of docs is reached from its index', () => {
  const seen = new Set<string>()
  const visit = (page: string): void => {
    if (seen.has(page) || !pages.includes(page)) return
    seen.add(page)
    const text = readFileSync(join(root, page), 'utf8')
    for (const link of linksOf(text)) visit(normalize(join(dirname(page), link)))
  }
  visit('docs/README.md')
  const unreached = pages.filter((page) => page.startsWith('docs/') && !seen.has(page))
  expect(unreached).toEqual([])
})
