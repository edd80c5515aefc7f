import { create } from 'zustand'
import type { XYZ } from '../../shared/axes.ts'

/** A straight line between two points of a tomogram, in continuous voxels (voxel i covers [i, i + 1)). */
export interface Line {
  id: number
  from: XYZ
  to: XYZ
}

interface MeasureState {
  /** By tomogram, in the order they were drawn. */
  lines: Readonly<Record<string, readonly Line[]>>
  /** The first point of a line that waits for its second. */
  begun: { group: string; from: XYZ } | null
  /** Where the pointer is while measuring: the line begun runs to there. */
  pointer: { group: string; point: XYZ } | null
}

export const useMeasure = create<MeasureState>()(() => ({ lines: {}, begun: null, pointer: null }))

const none: readonly Line[] = []

export function linesOf(state: MeasureState, group: string): readonly Line[] {
  return state.lines[group] ?? none
}

/** Takes a point: the first of a line, or the second of the one that was begun in the same tomogram, in whatever slice. */
export function measurePoint(group: string, point: XYZ): void {
  const { begun, lines } = useMeasure.getState()
  if (begun?.group !== group) {
    useMeasure.setState({ begun: { group, from: point } })
    return
  }
  const before = lines[group] ?? none
  const id = 1 + Math.max(0, ...before.map((line) => line.id))
  useMeasure.setState({
    begun: null,
    lines: { ...lines, [group]: [...before, { id, from: begun.from, to: point }] }
  })
}

/** The pointer moved while measuring; null: it left the pictures. */
export function measurePointer(pointer: MeasureState['pointer']): void {
  const { begun, pointer: before } = useMeasure.getState()
  if (begun) useMeasure.setState({ pointer })
  else if (before) useMeasure.setState({ pointer: null })
}

/** Forgets the point that was begun. Returns whether there was one. */
export function dropBegun(): boolean {
  const { begun } = useMeasure.getState()
  if (begun) useMeasure.setState({ begun: null })
  return begun !== null
}

export function removeLine(group: string, id: number): void {
  useMeasure.setState(({ lines }) => ({
    lines: { ...lines, [group]: (lines[group] ?? none).filter((line) => line.id !== id) }
  }))
}

export function clearLines(group: string): void {
  useMeasure.setState(({ lines }) => ({ lines: { ...lines, [group]: none }, begun: null }))
}
