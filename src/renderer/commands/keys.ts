import { asPerson } from '../history/acting.ts'
import { openFromMenu, recentMenu, useRecent } from '../session/recent.ts'
import { keysOf, useBindings } from './bindings.ts'
import type { Command } from './command.ts'
import { menuOf } from './menu.ts'
import { commands } from './table.ts'

/** A key press in the table's spelling: `Ctrl+Shift+O`, `PageUp`, `?`. */
export function keyOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'code'>
): string {
  const letter = event.key.length === 1
  const digit = /^Digit(\d)$/.exec(event.code)?.[1]
  const key = event.shiftKey && digit ? digit : letter ? event.key.toUpperCase() : event.key
  const parts: string[] = []
  if (event.ctrlKey || event.metaKey) parts.push('Ctrl')
  if (event.altKey) parts.push('Alt')
  // Shift makes another character of a sign (?, +), so there it is part of the key itself.
  if (event.shiftKey && (!letter || /^[A-Z]$/.test(key) || digit)) parts.push('Shift')
  return [...parts, key].join('+')
}

export function commandForKey(key: string): Command | undefined {
  return commands.find((command) => keysOf(command).includes(key))
}

const editingKeys = /^(Ctrl\+[ACVXYZ]|Ctrl\+Shift\+Z)$/

/** Typing in a field, moving a slider or choosing from a list keeps its own keys. */
function takesKeys(target: EventTarget | null, event: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target.closest('dialog')) return true
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return !event.ctrlKey
  if (target instanceof HTMLInputElement)
    return target.type === 'text'
      ? !event.ctrlKey || editingKeys.test(keyOf(event))
      : /^(Arrow|Page|Home|End)/.test(event.key)
  return target.getAttribute('role') === 'slider' && /^(Arrow|Page|Home|End)/.test(event.key)
}

/** Runs commands by key and by the native menu, which shows the keys as they are now. Returns a function that stops it. */
export function listenForCommands(): () => void {
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || takesKeys(event.target, event)) return
    const key = keyOf(event)
    const command = commandForKey(key)
    if (!command) return
    const available = command.available?.() !== false
    // What a browser does for such a key by itself (save the page, reload it) is never what was meant here.
    if (available || /^(Ctrl\+|F\d)/.test(key)) event.preventDefault()
    if (available) command.run()
  }
  window.addEventListener('keydown', onKeyDown)
  const stopMenu = window.desktop?.onMenuCommand((id) => {
    if (openFromMenu(id)) return
    const command = commands.find((one) => one.id === id)
    // The menu is the desktop's: what is chosen there is no event of this page.
    if (command && command.available?.() !== false) asPerson(() => command.run())
  })
  const showMenu = (): void => window.desktop?.showMenu(menuOf(commands, { 'open-recent': recentMenu() }))
  showMenu()
  const stopBindings = useBindings.subscribe(showMenu)
  const stopRecent = useRecent.subscribe(showMenu)
  return () => {
    window.removeEventListener('keydown', onKeyDown)
    stopMenu?.()
    stopBindings()
    stopRecent()
  }
}

const signs: Readonly<Record<string, string>> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  '-': '−'
}

/** A key as people write it. */
export function keyLabel(key: string, mac = onMac()): string {
  return key
    .split(/\+(?=.)/)
    .map((part) => (part === 'Ctrl' && mac ? '⌘' : (signs[part] ?? part)))
    .join(mac ? '' : '+')
}

/** The keys of a command as people write them, for an explanation: `PageUp, ]`; undefined where it has none. */
export function keysInWords(id: string): string | undefined {
  const command = commands.find((one) => one.id === id)
  const keys = command ? keysOf(command) : []
  return keys.length === 0 ? undefined : keys.map((key) => keyLabel(key)).join(', ')
}

function onMac(): boolean {
  return /Mac/.test(globalThis.navigator?.platform ?? '')
}
