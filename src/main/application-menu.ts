import { Menu, type MenuItemConstructorOptions } from 'electron'
import type { MenuCommand } from '../shared/desktop.ts'

/**
 * The native menu. What it asks for is done by the page, which also has it in its own interface.
 *
 * @param send passes a command on to the page
 * @param withDeveloperTools offers Chromium's tools; not in the packaged program
 */
export function createApplicationMenu(send: (command: MenuCommand) => void, withDeveloperTools: boolean): Menu {
  const command = (label: string, name: MenuCommand, accelerator?: string): MenuItemConstructorOptions => ({
    id: name,
    label,
    ...(accelerator !== undefined && { accelerator }),
    click: () => send(name)
  })
  const onMac = process.platform === 'darwin'
  const template: MenuItemConstructorOptions[] = [
    ...(onMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: '&File',
      submenu: [
        command('Open tomogram…', 'open', 'CmdOrCtrl+O'),
        command('Open OME-Zarr folder…', 'open-folder', 'CmdOrCtrl+Alt+O'),
        command('Open bundle…', 'open-bundle', 'CmdOrCtrl+Shift+O'),
        { type: 'separator' },
        command('Save figure…', 'save-figure', 'CmdOrCtrl+S'),
        command('Save map…', 'save-map', 'CmdOrCtrl+Shift+S'),
        { type: 'separator' },
        { role: onMac ? 'close' : 'quit' }
      ]
    },
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        command('Light or dark', 'toggle-theme'),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(withDeveloperTools ? [{ role: 'toggleDevTools' } as const] : [])
      ]
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [command('Keys', 'show-keys')] }
  ]
  return Menu.buildFromTemplate(template)
}
