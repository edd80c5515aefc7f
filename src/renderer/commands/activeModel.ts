import type { Command } from './command.ts'
import { activePaneModel } from '../slices/paneModel.ts'

export type Model = NonNullable<ReturnType<typeof activePaneModel>>

/** Acts on what the active pane shows; does nothing where it shows nothing. */
export function withModel(act: (model: Model) => void): () => void {
  return () => {
    const model = activePaneModel()
    if (model) act(model)
  }
}

/** Whether there is a picture to act on. */
export function hasModel(): boolean {
  return activePaneModel() !== null
}

/** Commands that act on the picture of the active pane, and can't be done without one. */
export function onPicture(commands: readonly Command[]): readonly Command[] {
  return commands.map((command) => ({ available: hasModel, ...command }))
}
