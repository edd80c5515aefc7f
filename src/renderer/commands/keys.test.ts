import { expect, test } from 'vitest'
import { commandForKey, keyLabel, keyOf } from './keys.ts'
import { commands } from './table.ts'

const press = (
  key: string,
  code: string,
  modifiers: Partial<Record<'ctrlKey' | 'shiftKey' | 'altKey', boolean>> = {}
) => keyOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers })

test('key presses are spelled as the table spells them', () => {
  expect(press('PageUp', 'PageUp')).toBe('PageUp')
  expect(press('o', 'KeyO', { ctrlKey: true })).toBe('Ctrl+O')
  expect(press('S', 'KeyS', { ctrlKey: true, shiftKey: true })).toBe('Ctrl+Shift+S')
  expect(press('?', 'Slash', { shiftKey: true })).toBe('?')
  expect(press('+', 'Equal', { shiftKey: true })).toBe('+')
  expect(press('!', 'Digit1', { shiftKey: true })).toBe('Shift+1')
  expect(press('ArrowUp', 'ArrowUp', { shiftKey: true })).toBe('Shift+ArrowUp')
})

test('no key does two things, no command has two names', () => {
  const keys = commands.flatMap((command) => command.keys)
  expect(new Set(keys).size).toBe(keys.length)
  expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length)
})

test('3dmod’s keys do what they do there', () => {
  expect(commandForKey('PageUp')?.id).toBe('next-slice')
  expect(commandForKey('PageDown')?.id).toBe('previous-slice')
  expect(commandForKey('Insert')?.id).toBe('middle-slice')
  expect(commandForKey('-')?.id).toBe('zoom-out')
  expect(commandForKey('=')?.id).toBe('zoom-in')
  expect(commandForKey('F1')?.id).toBe('black-down')
  expect(commandForKey('F11')?.id).toBe('invert')
})

test('keys are written as people write them', () => {
  expect(keyLabel('Ctrl+Shift+O', false)).toBe('Ctrl+Shift+O')
  expect(keyLabel('Ctrl+O', true)).toBe('⌘O')
  expect(keyLabel('Shift+ArrowLeft', false)).toBe('Shift+←')
  expect(keyLabel('+', false)).toBe('+')
})
