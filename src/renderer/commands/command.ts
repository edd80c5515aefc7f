export type CommandGroup =
  | 'File'
  | 'Edit'
  | 'Layout'
  | 'Move'
  | 'Zoom'
  | 'Contrast'
  | 'Show'
  | 'Region'
  | 'Measure'
  | 'Compare'
  | 'Family'
  | 'Help'

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
  'Measure',
  'Help'
]

/** One thing the window can do. Keys, menus, tooltips, the palette and the help are made from this table. */
export interface Command {
  id: string
  group: CommandGroup
  title: string
  /** As `Ctrl+O`, `Shift+ArrowUp`, `PageUp`; the first is the one shown. Ctrl is Command on a Mac. */
  keys: readonly string[]
  /** Whether it would do something now; absent: always. What can't be done is shown quietly, and its key does nothing. */
  available?(): boolean
  run(): void
}
