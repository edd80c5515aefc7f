import { create } from 'zustand'

/** Two volumes in one pane: its own, A, and another, B. */
export interface Comparison {
  mode: CompareMode
  /** B; null: not chosen, or closed since. */
  volumeId: string | null
  /** Where A ends and B begins, as a share of the pane's width. */
  swipe: number
  /** Side of a checkerboard's cell in CSS pixels. */
  cell: number
  /** Switches a second. */
  rate: number
  playing: boolean
  /** A - B that is drawn with the last colour; null: half of the window of A's contrast. */
  range: number | null
  /** The same in standard deviations. */
  deviations: number
}

export type CompareMode = 'swipe' | 'checkerboard' | 'flicker' | 'difference' | 'deviation'

export const compareModes: readonly { mode: CompareMode; name: string; explanation: string }[] = [
  { mode: 'swipe', name: 'Swipe', explanation: 'A left of the handle, B right of it' },
  { mode: 'checkerboard', name: 'Checker', explanation: 'A and B in turn, like the fields of a chessboard' },
  { mode: 'flicker', name: 'Flicker', explanation: 'A and B one after the other' },
  { mode: 'difference', name: 'A − B', explanation: 'The difference of the values, voxel by voxel' },
  {
    mode: 'deviation',
    name: '(A − B) / SD',
    explanation:
      'The difference in units of the posterior SD: beyond ±2 it is unlikely to come from what the data leave open'
  }
]

/** Switches a second; more than three flashes a second can harm people. */
export const flickerRates = { min: 0.2, max: 5 }

export const firstComparison: Comparison = {
  mode: 'swipe',
  volumeId: null,
  swipe: 0.5,
  cell: 48,
  rate: 2,
  playing: true,
  range: null,
  deviations: 3
}

/** Which of the two a flickering pane shows now; absent: A. */
export const useFlicker = create<{ showsOther: Readonly<Record<string, boolean>> }>()(() => ({ showsOther: {} }))

export function flip(paneId: string): void {
  useFlicker.setState(({ showsOther }) => ({ showsOther: { ...showsOther, [paneId]: !showsOther[paneId] } }))
}
