import { create } from 'zustand'
import type { Plane } from '../../shared/axes.ts'

/** What a spectrum pane shows; null: the plane across the tilt axis, and what the window looks at. */
export interface SpectrumChoice {
  plane: Plane | null
  source: string | null
}

const nothingChosen: SpectrumChoice = { plane: null, source: null }

/** By pane. */
export const useSpectrumChoice = create<{ choices: Readonly<Record<string, SpectrumChoice>> }>()(() => ({
  choices: {}
}))

export function spectrumChoice(
  state: { choices: Readonly<Record<string, SpectrumChoice>> },
  paneId: string
): SpectrumChoice {
  return state.choices[paneId] ?? nothingChosen
}

export function chooseSpectrum(paneId: string, edit: Partial<SpectrumChoice>): void {
  useSpectrumChoice.setState((state) => ({
    choices: { ...state.choices, [paneId]: { ...spectrumChoice(state, paneId), ...edit } }
  }))
}
