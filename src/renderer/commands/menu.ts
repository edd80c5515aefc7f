import type { MenuDescription, MenuEntry, SubMenu } from '../../shared/desktop.ts'
import { keysOf } from './bindings.ts'
import type { Command, CommandGroup } from './command.ts'

/** The native menus and the groups of commands in each, with a line between groups. */
const menus: readonly { label: string; role?: MenuDescription['role']; groups: readonly CommandGroup[] }[] = [
  { label: 'File', role: 'file', groups: ['File'] },
  { label: 'Edit', role: 'edit', groups: ['Edit'] },
  { label: 'View', role: 'view', groups: ['Layout', 'Zoom', 'Show'] },
  { label: 'Go', groups: ['Move'] },
  { label: 'Contrast', groups: ['Contrast'] },
  { label: 'Compare', groups: ['Compare', 'Family'] },
  { label: 'Region', groups: ['Region', 'Measure'] },
  { label: 'Help', role: 'help', groups: ['Help'] }
]

/** The table of commands as native menus; every group is in one. `subMenus`: what stands in place of a command, by its id. */
export function menuOf(
  commands: readonly Command[],
  subMenus: Readonly<Record<string, SubMenu>> = {}
): MenuDescription[] {
  return menus
    .map(({ label, role, groups }): MenuDescription => {
      const parts = groups
        .map((group) => commands.filter((command) => command.group === group))
        .filter((part) => part.length > 0)
      const items = parts.flatMap((part, i): MenuEntry[] => [
        ...(i > 0 ? (['separator'] as const) : []),
        ...part.map(
          (command): MenuEntry =>
            subMenus[command.id] ?? { id: command.id, label: command.title, key: keysOf(command)[0] ?? null }
        )
      ])
      return { label, items, ...(role && { role }) }
    })
    .filter(({ items }) => items.length > 0)
}
