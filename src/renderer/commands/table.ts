import type { Command } from './command.ts'
import { fileCommands } from './file.ts'
import { movieCommands } from './movie.ts'
import { sessionCommands } from './session.ts'
import { editCommands } from './edit.ts'
import { layoutCommands } from './layout.ts'
import { moveCommands } from './move.ts'
import { zoomCommands } from './zoom.ts'
import { contrastCommands } from './contrast.ts'
import { showCommands } from './show.ts'
import { regionCommands } from './region.ts'
import { slabCommands } from './slab.ts'
import { measureCommands } from './measure.ts'
import { compareCommands } from './compare.ts'
import { familyCommands } from './family.ts'
import { uncertaintyCommands } from './uncertainty.ts'
import { helpCommands } from './help.ts'

/** Everything the window can do: one file a group. */
export const commands: readonly Command[] = [
  ...fileCommands,
  ...sessionCommands,
  ...movieCommands,
  ...editCommands,
  ...layoutCommands,
  ...moveCommands,
  ...zoomCommands,
  ...contrastCommands,
  ...showCommands,
  ...slabCommands,
  ...uncertaintyCommands,
  ...familyCommands,
  ...regionCommands,
  ...measureCommands,
  ...compareCommands,
  ...helpCommands
]

export function commandById(id: string): Command {
  const found = commands.find((command) => command.id === id)
  if (!found) throw new Error(`There is no command ${id}.`)
  return found
}
