import { create } from 'zustand'

/** By pane: the run whose mean and members a pane of curves draws; absent: that of what the window looks at. */
export const useCurvesChoice = create<{ runs: Readonly<Record<string, string>> }>()(() => ({ runs: {} }))

export function curvesChoice(state: { runs: Readonly<Record<string, string>> }, paneId: string): string | null {
  return state.runs[paneId] ?? null
}

export function chooseCurves(paneId: string, runId: string): void {
  useCurvesChoice.setState(({ runs }) => ({ runs: { ...runs, [paneId]: runId } }))
}
