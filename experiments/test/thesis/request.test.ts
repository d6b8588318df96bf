import { expect, test } from 'vitest'
import { parseRequest } from '../../thesis/request.ts'

const wrong = (...args: readonly string[]): string | undefined => {
  const found = parseRequest(args)
  return found._tag === 'Left' ? found.left.split('\n')[0] : undefined
}

test('without arguments it is five draws of four numbers of labels', () => {
  expect(parseRequest([])).toMatchObject({
    right: { labels: [100, 600, 1000, 3000], seeds: [1, 2, 3, 4, 5], machine: { backend: 'auto' } },
  })
})

test('help is no request', () => {
  expect(parseRequest(['--help'])).toMatchObject({ right: null })
})

test('what cannot be understood is said', () => {
  expect([
    wrong('--labels', '100,15'),
    wrong('--seeds', '0'),
    wrong('--backend', 'cuda'),
    wrong('--noise', '1'),
  ]).toMatchInlineSnapshot(`
    [
      "--labels must be multiples of 10, not 15",
      "--seeds must be a whole number of at least 1, not 0",
      "--backend must be one of auto, native, wasm, reference, not cuda",
      "Unknown option '--noise'",
    ]
  `)
})
