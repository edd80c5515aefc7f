import { beforeEach, expect, test } from 'vitest'
import type { RecentFile } from '../../shared/session/api.ts'
import { recentMenu, useRecent } from '../session/recent.ts'
import { bindKey, conflictOf, keysOf, resetAllKeys, resetKeys, unbind, useBindings } from './bindings.ts'
import { commandForKey, keysInWords } from './keys.ts'
import { menuOf } from './menu.ts'
import { commandById, commands } from './table.ts'

beforeEach(resetAllKeys)

test('a key that is free is given, and found; the others are gone', () => {
  const next = commandById('next-slice')
  expect(conflictOf(commands, next, 'Ctrl+U')).toBeNull()
  bindKey(commands, next, 'Ctrl+U')
  expect(commandForKey('Ctrl+U')?.id).toBe('next-slice')
  expect(commandForKey('PageUp')).toBeUndefined()
  expect(keysInWords('next-slice')).toBe('Ctrl+U')
})

test('a key that is taken is named, and moves over when it is wanted', () => {
  const invert = commandById('invert')
  expect(conflictOf(commands, invert, 'PageUp')?.id).toBe('next-slice')
  bindKey(commands, invert, 'PageUp')
  expect(commandForKey('PageUp')?.id).toBe('invert')
  expect(keysOf(commandById('next-slice'))).toEqual([']'])
  resetKeys(commands, commandById('next-slice'))
  expect(commandForKey('PageUp')?.id).toBe('next-slice')
  expect(keysOf(invert)).toEqual([])
  resetAllKeys()
  expect(commandForKey('F11')?.id).toBe('invert')
})

test('only what differs from the table is kept', () => {
  const scaleBar = commandById('scale-bar')
  bindKey(commands, scaleBar, 'Ctrl+U')
  bindKey(commands, scaleBar, 'B')
  expect(useBindings.getState().chosen).toEqual({})
  unbind(commands, scaleBar)
  expect(keysInWords('scale-bar')).toBeUndefined()
  expect(useBindings.getState().chosen).toEqual({ 'scale-bar': [] })
})

test('every command is in one native menu, under its name and with its key of now', () => {
  bindKey(commands, commandById('undo'), 'Ctrl+U')
  const items = menuOf(commands).flatMap((menu) => menu.items.filter((item) => item !== 'separator' && 'id' in item))
  expect(items.map(({ id }) => id).sort()).toEqual(commands.map(({ id }) => id).sort())
  expect(items.find(({ id }) => id === 'undo')).toEqual({ id: 'undo', label: 'Undo', key: 'Ctrl+U' })
})

test('recent files are a menu in place of the command that lists them, told apart by their folders where names are alike', () => {
  const file = (path: string): RecentFile => ({ path, name: 'a.mrc', kind: 'tomogram', openedAt: '' })
  useRecent.setState({ files: [file('/one/a.mrc'), file('/two/a.mrc'), { ...file('/b.mrc'), name: 'b.mrc' }] })
  const [menu] = menuOf(commands, { 'open-recent': recentMenu() })
  const recent = menu.items.find((item) => item !== 'separator' && 'items' in item)
  expect(recent).toMatchObject({
    label: 'Open recent',
    items: [
      { id: 'recent:0', label: '/one/a.mrc' },
      { label: '/two/a.mrc' },
      { label: 'b.mrc' },
      { id: 'clear-recent' }
    ]
  })
  expect(menu.items).not.toContainEqual(expect.objectContaining({ id: 'open-recent' }))
})
