import { expect, test } from 'vitest'
import { acceleratorOf } from './accelerator.ts'

test('keys of the table are written as Electron writes them', () => {
  expect(acceleratorOf('Ctrl+Shift+O', false)).toBe('CmdOrCtrl+Shift+O')
  expect(acceleratorOf('Shift+ArrowUp', false)).toBe('Shift+Up')
  expect(acceleratorOf('+', false)).toBe('Plus')
  expect(acceleratorOf('Ctrl++', false)).toBe('CmdOrCtrl+Plus')
  expect(acceleratorOf('F11', false)).toBe('F11')
  expect(acceleratorOf('?', false)).toBe('?')
  expect(acceleratorOf(null, false)).toBeNull()
  // Keys of other keyboards that Electron has no name for are left out instead of refused.
  expect(acceleratorOf('Ä', false)).toBeNull()
  expect(acceleratorOf('AudioVolumeUp', false)).toBeNull()
})

test('a Mac’s menu takes no bare keys: they would not reach a field being typed in', () => {
  expect(acceleratorOf('I', true)).toBeNull()
  expect(acceleratorOf('Ctrl+I', true)).toBe('CmdOrCtrl+I')
})
