import { Menu, type MenuItemConstructorOptions } from 'electron'
import { acceleratorOf } from './accelerator.ts'
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
    if ('items' in entry) return { label: entry.label, enabled: entry.items.length > 0, submenu: entry.items.map(item) }
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
      { role: 'resetZoom', label: 'Actual size of the window' },
      { role: 'zoomIn', label: 'Larger text and controls' },
      { role: 'zoomOut', label: 'Smaller text and controls' },
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
  const macOwn = onMac ? ([{ role: 'appMenu' }, { role: 'windowMenu' }] as const) : []
  return Menu.buildFromTemplate([...macOwn.slice(0, 1), ...described, ...macOwn.slice(1)])
}
