import { create } from 'zustand'
import type { OpenVolume } from '../../shared/volumes.ts'

/** A member that is kept in view, and the pane that keeps it. */
export interface Pin {
  volumeId: string
  paneId: string
}

interface FamilyState {
  /** The bench below the panes: members, their distribution, temperature. */
  open: boolean
  playing: boolean
  membersPerSecond: number
  pin: Pin | null
  /** Temperature that each run's family is shown for instead of its own; absent: as it was drawn. */
  preview: Readonly<Record<string, number>>
  /** Whether chains are continued by themselves when the slider has rested for a moment. */
  continueOnRest: boolean
  /** A continued run whose maps are awaited, and the run that it goes on from. */
  following: { jobId: string; from: string } | null
}

export const useFamilyBench = create<FamilyState>()(() => ({
  open: false,
  playing: false,
  membersPerSecond: 4,
  pin: null,
  preview: {},
  continueOnRest: false,
  following: null
}))

/** Speeds that the animation can have, members a second. */
export const speeds = [0.5, 1, 2, 4, 8, 15] as const

export function openBench(open: boolean): void {
  useFamilyBench.setState(open ? { open } : { open, playing: false })
}

export function setPlaying(playing: boolean): void {
  useFamilyBench.setState({ playing })
}

/** The next faster or slower speed. */
export function changeSpeed(by: 1 | -1): void {
  useFamilyBench.setState(({ membersPerSecond }) => {
    const at = speeds.findIndex((speed) => speed >= membersPerSecond)
    const next = Math.min(speeds.length - 1, Math.max(0, (at < 0 ? speeds.length - 1 : at) + by))
    return { membersPerSecond: speeds[next] }
  })
}

/** Shows a run's family as predicted for another temperature; null: as it was drawn. */
export function previewAt(runId: string, gamma: number | null): void {
  useFamilyBench.setState(({ preview }) => {
    const rest = Object.fromEntries(Object.entries(preview).filter(([key]) => key !== runId))
    return { preview: gamma === null ? rest : { ...rest, [runId]: gamma } }
  })
}

/** Maps that another temperature changes; the mean is taken to stay. */
const tempered: ReadonlySet<string> = new Set([
  'member',
  'std',
  'variance',
  'wedge-share',
  'wedge-variance',
  'measured-variance'
])

/** The temperature that a volume is shown for instead of its own; null where it is shown as it was drawn. */
export function previewOf(state: Pick<FamilyState, 'preview'>, volume: OpenVolume | null | undefined): number | null {
  if (!volume || volume.runId === null || volume.derived || !tempered.has(volume.role ?? '')) return null
  return state.preview[volume.runId] ?? null
}

/** The part of a slice's query that asks for that temperature. */
export function previewQueryOf(state: Pick<FamilyState, 'preview'>, volume: OpenVolume | null | undefined): string {
  const gamma = previewOf(state, volume)
  return gamma === null ? '' : `&gamma=${gamma}`
}
