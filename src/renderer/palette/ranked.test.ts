import { expect, test } from 'vitest'
import type { Command } from '../commands/command.ts'
import { commands } from '../commands/table.ts'
import { matchOf } from './fuzzy.ts'
import { rankedCommands } from './ranked.ts'

const command = (id: string, title: string, edit: Partial<Command> = {}): Command => ({
  id,
  title,
  group: 'Show',
  keys: [],
  run: () => undefined,
  ...edit
})

test('words match in any order, beginnings of words before pieces, pieces before letters', () => {
  expect(matchOf('', 'Scale bar')).toEqual({ score: 0, ranges: [], scattered: false })
  expect(matchOf('bar sc', 'Scale bar on or off')?.ranges).toEqual([
    [0, 2],
    [6, 9]
  ])
  expect(matchOf('sbo', 'Scale bar on or off')?.ranges).toEqual([
    [0, 1],
    [6, 7],
    [10, 11]
  ])
  expect(matchOf('zz', 'Scale bar')).toBeNull()
  const score = (query: string, text: string): number => matchOf(query, text)?.score ?? Number.NaN
  expect(score('fit', 'Fit the volume')).toBeGreaterThan(score('fit', 'Save a fit'))
  expect(score('fit', 'Save a fit')).toBeGreaterThan(score('fit', 'Outfit'))
  expect(score('fit', 'Outfit')).toBeGreaterThan(score('fit', 'Find it'))
})

test('letters are found wherever they are, also behind a tempting beginning of a word', () => {
  expect(matchOf('stab', 'sa stab')).not.toBeNull()
  expect(matchOf('ab', 'a xb a')?.ranges).toHaveLength(2)
})

test('without a query those used last come first; what can’t be done now comes last', () => {
  const table = [
    command('a', 'Alpha', { available: () => false }),
    command('b', 'Beta'),
    command('c', 'Gamma'),
    command('d', 'Delta')
  ]
  const order = (query: string, recent: string[]) => rankedCommands(table, query, recent).map((e) => e.command.id)
  expect(order('', [])).toEqual(['b', 'c', 'd', 'a'])
  expect(order('', ['d', 'c'])).toEqual(['d', 'c', 'b', 'a'])
  expect(order('gam', ['b'])).toEqual(['c'])
  expect(order('show', [])).toEqual(['b', 'c', 'd', 'a'])
})

test('what people would type finds the command they mean', () => {
  const first = (query: string) => rankedCommands(commands, query, [])[0]?.command.id
  expect(first('invert')).toBe('invert')
  expect(first('scale bar')).toBe('scale-bar')
  expect(first('theme')).toBe('theme')
  expect(first('dark')).toBe('theme')
  expect(first('next sl')).toBe('next-slice')
  expect(first('undo')).toBe('undo')
})
