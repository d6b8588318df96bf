import { expect, test } from 'vitest'
import { parseFitCommand } from '../../fits/commandLine.ts'

const refused = (...args: readonly string[]): string => {
  const parsed = parseFitCommand(args)
  return parsed._tag === 'Left' ? parsed.left : ''
}

test('a name is enough', () => {
  expect(parseFitCommand(['lenet'])).toEqual({
    _tag: 'Right',
    right: {
      name: 'lenet',
      folder: '../shared/data',
      validate: false,
      machine: { backend: 'auto', threads: undefined },
    },
  })
})

test('no name, or a wish for help, is a request for help', () => {
  for (const args of [[], ['--help'], ['lenet', '-h']])
    expect(parseFitCommand(args)).toMatchObject({ right: { name: '' } })
})

test('everything can be said', () => {
  const args = ['--validate', '--data', 'd', 'photos', '--backend', 'wasm', '--threads', '2']
  expect(parseFitCommand(args)).toMatchObject({
    right: {
      name: 'photos',
      folder: 'd',
      validate: true,
      machine: { backend: 'wasm', threads: 2 },
    },
  })
})

test('what cannot be understood is named', () => {
  expect(refused('lenet', 'photos')).toBe('one fit at a time, not lenet, photos')
  expect(refused('--backend', 'gpu')).toBe(
    '--backend must be one of auto, native, wasm, reference, not gpu',
  )
  expect(refused('--threads', 'two')).toBe(
    '--threads must be a whole number of at least 1, not two',
  )
  expect(refused('--treads', '2')).toMatch(/^Unknown option '--treads'/)
})
