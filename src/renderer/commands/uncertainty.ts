import { activePaneModel } from '../slices/paneModel.ts'
import { hasParts, nextPart } from '../uncertainty/parts.ts'
import { withModel } from './activeModel.ts'
import type { Command } from './command.ts'

/** A reconstruction, or the part of one that is shown. */
function showsReconstruction(): boolean {
  const base = activePaneModel()?.base
  return base !== undefined && (hasParts(base) || base.derived?.kind === 'part')
}

/** What of a reconstruction the data hold. */
export const uncertaintyCommands: readonly Command[] = [
  {
    id: 'next-part',
    group: 'Show',
    title: 'All, measured or filled in',
    keys: ['D'],
    available: showsReconstruction,
    run: withModel(({ tomogram: { id } }) => nextPart(id))
  }
]
