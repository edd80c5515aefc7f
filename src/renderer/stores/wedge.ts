import { create } from 'zustand'
import type { WedgeReport } from '../../shared/api.ts'
import type { Failure } from '../../shared/errors.ts'
import type { TiltSource, Wedge } from '../../shared/wedge.ts'
import { wedgeSchema } from '../../shared/wedge.ts'

/** The assumed wedge of a tomogram: what the engine found, until a person sets it. */
export interface AssumedWedge {
  report: WedgeReport
  wedge: Wedge
  source: TiltSource
}

interface WedgeState {
  wedges: Readonly<Record<string, AssumedWedge>>
  failures: Readonly<Record<string, Failure>>
}

export const useWedge = create<WedgeState>()(() => ({ wedges: {}, failures: {} }))

export function putWedgeReport(tomogram: string, report: WedgeReport): void {
  useWedge.setState((state) => ({
    wedges: { ...state.wedges, [tomogram]: { report, wedge: report.wedge, source: report.source } }
  }))
}

export function wedgeFailed(tomogram: string, failure: Failure): void {
  useWedge.setState((state) => ({ failures: { ...state.failures, [tomogram]: failure } }))
}

/** Sets what a person chose; a wedge that can't be (limits crossed, axes equal) is not taken. */
export function editWedge(tomogram: string, edit: Partial<Wedge>): boolean {
  const assumed = useWedge.getState().wedges[tomogram]
  if (!assumed) return false
  const parsed = wedgeSchema.safeParse({ ...assumed.wedge, ...edit })
  if (!parsed.success) return false
  useWedge.setState((state) => ({
    wedges: { ...state.wedges, [tomogram]: { ...assumed, wedge: parsed.data, source: 'given' } }
  }))
  return true
}

export function resetWedge(tomogram: string): void {
  const assumed = useWedge.getState().wedges[tomogram]
  if (assumed) putWedgeReport(tomogram, assumed.report)
}
