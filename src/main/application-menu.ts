import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuDescription, MenuEntry } from '../shared/desktop.ts'

/**
 * The native menu, made of the page's own table of commands, so that both offer the same under the same names and keys. What is
 * chosen in it is done by the page. Until the page has told its commands there are only the system's items.
 *
 * @param menus as the page describes them
 * @param send passes a command's id on to the page
 * @param withDeveloperTools offers Chromium's tools; not in the packaged program
 */
export function createApplicationMenu(
  menus: readonly MenuDescription[],
  send: (id: string) => void,
  withDeveloperTools: boolean
): Menu {
  const onMac = process.platform === 'darwin'
  const item = (entry: MenuEntry): MenuItemConstructorOptions => {
    if (entry === 'separator') return { type: 'separator' }
    const accelerator = acceleratorOf(entry.key, onMac)
    return {
      id: entry.id,
      label: entry.label,
      click: () => send(entry.id),
      // The page hears its keys itself, also those that a field keeps; the menu only shows them.
      ...(accelerator !== null && { accelerator, registerAccelerator: false })
    }
  }
  const own: Readonly<Record<NonNullable<MenuDescription['role']>, MenuItemConstructorOptions[]>> = {
    file: [{ type: 'separator' }, { role: onMac ? 'close' : 'quit' }],
    edit: [{ type: 'separator' }, { role: 'cut' }, { role: 'copy' }, { role: 'paste' }, { role: 'selectAll' }],
    view: [
      { type: 'separator' },
      { role: 'togglefullscreen' },
      ...(withDeveloperTools ? [{ role: 'toggleDevTools' } as const] : [])
    ],
    help: []
  }
  const described = menus.map(({ label, role, items }): MenuItemConstructorOptions => ({
    label: `&${label}`,
    ...(role === 'help' && { role: 'help' }),
    submenu: [...items.map(item), ...(role ? own[role] : [])]
  }))
  return Menu.buildFromTemplate([...(onMac ? [{ role: 'appMenu' } as const] : []), ...described])
}

const named: Readonly<Record<string, string>> = {
  Ctrl: 'CmdOrCtrl',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  '+': 'Plus',
  ' ': 'Space'
}

/** A key of the table as Electron writes it; null where it has no name there, or where a Mac would take the bare key from typing. */
export function acceleratorOf(key: string | null, onMac: boolean): string | null {
  if (key === null) return null
  const parts = key.split(/\+(?=.)/)
  if (onMac && !parts.includes('Ctrl')) return null
  const last = parts.at(-1) ?? ''
  const known =
    last in named || /^([A-Z0-9]|F\d{1,2}|Page(Up|Down)|Home|End|Insert|Delete|Escape|Enter|Tab)$/.test(last)
  const sign = /^[-=[\]\\;',./`?!@#$%^&*()_:<>|~{}]$/.test(last)
  return known || sign ? parts.map((part) => named[part] ?? part).join('+') : null
}
