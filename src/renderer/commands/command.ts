import type { MenuCommand } from '../../shared/desktop.ts'

export type CommandGroup =
  'File' | 'Edit' | 'Layout' | 'Move' | 'Zoom' | 'Contrast' | 'Show' | 'Region' | 'Compare' | 'Family' | 'Help'

/** The groups in the order in which menus and the help list them. */
export const commandGroups: readonly CommandGroup[] = [
  'File',
  'Edit',
  'Layout',
  'Move',
  'Zoom',
  'Contrast',
  'Show',
  'Compare',
  'Family',
  'Region',
  'Help'
]

/** One thing the window can do. Keys, menus, tooltips and the help are made from this table. */
export interface Command {
  id: string
  group: CommandGroup
  title: string
  /** As `Ctrl+O`, `Shift+ArrowUp`, `PageUp`; the first is the one shown. Ctrl is Command on a Mac. */
  keys: readonly string[]
  /** The native menu's name for it. */
  menu?: MenuCommand
  run(): void
}
