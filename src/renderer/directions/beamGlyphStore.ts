import { create } from 'zustand'

/** Whether panes whose plane contains the beam show what was not recorded there. */
export const useBeamGlyph = create<{ shown: boolean }>()(() => ({ shown: true }))

export function toggleBeamGlyph(): void {
  useBeamGlyph.setState(({ shown }) => ({ shown: !shown }))
}
