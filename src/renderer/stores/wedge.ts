import { create } from 'zustand'
import type { WedgeReport } from '../../shared/api.ts'
import type { Failure } from '../../shared/errors.ts'
import type { TiltSource, Wedge } from '../../shared/wedge.ts'
import { defaultWedge, wedgeSchema } from '../../shared/wedge.ts'

/** The assumed wedge of a tomogram: what the engine found, until a person sets it. */
export interface AssumedWedge {
  /** Null where the engine could not look. */
  report: WedgeReport | null
  wedge: Wedge
  source: TiltSource
}

interface WedgeState {
  wedges: Readonly<Record<string, AssumedWedge>>
  failures: Readonly<Record<string, Failure>>
}

export const useWedge = create<WedgeState>()(() => ({ wedges: {}, failures: {} }))

export function putWedgeReport(tomogram: string, report: WedgeReport): void {
  useWedge.setState((state) => {
    const before = state.wedges[tomogram]
    // What a session gave before the engine had looked stays.
    const given = before?.source === 'given' && before.report === null
    const { wedge, source } = given ? before : report
    return { wedges: { ...state.wedges, [tomogram]: { report, wedge, source } } }
  })
}

/** Also before the engine has looked. */
function giveWedge(tomogram: string, wedge: Wedge): void {
  useWedge.setState((state) => ({
    wedges: {
      ...state.wedges,
      [tomogram]: { report: state.wedges[tomogram]?.report ?? null, wedge, source: 'given' }
    }
  }))
}

/** The engine could not find or estimate a range: the commonest one is assumed, and both are said. */
export function wedgeFailed(tomogram: string, failure: Failure): void {
  useWedge.setState((state) => ({
    failures: { ...state.failures, [tomogram]: failure },
    wedges: {
      ...state.wedges,
      [tomogram]: state.wedges[tomogram] ?? { report: null, wedge: defaultWedge, source: 'default' }
    }
  }))
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
  if (assumed?.report) putWedgeReport(tomogram, assumed.report)
}

/** Sets these wedges as a person had; where there is none, what the engine found holds again, or will once it has looked. */
export function giveWedges(given: Readonly<Record<string, Wedge>>): void {
  const others = Object.entries(useWedge.getState().wedges).flatMap(([id, { report, ...assumed }]) => {
    if (assumed.source !== 'given') return [[id, { report, ...assumed }]]
    return report ? [[id, { report, wedge: report.wedge, source: report.source }]] : []
  })
  useWedge.setState({ wedges: Object.fromEntries(others) })
  for (const [id, wedge] of Object.entries(given)) giveWedge(id, wedge)
}
