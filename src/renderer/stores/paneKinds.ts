import type { Plane } from '../../shared/axes.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { Comparison } from './comparison.ts'

/** Panes of a group share position, zoom and contrast. */
export type LinkGroup = 'A' | 'B' | 'C' | 'D'
export const linkGroups: readonly LinkGroup[] = ['A', 'B', 'C', 'D']

/** What every pane that looks at a volume has, whatever way it looks. */
interface LookingPane {
  id: string
  plane: Plane
  /** The volume looked at, or null: whatever volume the list on the left shows. */
  volumeId: string | null
  /** Null: the pane stands alone. */
  link: LinkGroup | null
  /** Linked, but as large as its own room asks: a small pane beside a large one. */
  ownZoom?: boolean
}

/** The panes of the workspace by what they show. */
export type Pane =
  | (LookingPane & {
      kind: 'slice'
      /** Shows, in place of a volume of its own, what this method made of the region. */
      method: MethodId | null
      /** Drawn with its row axis to the right (YZ beside XY). */
      transposed: boolean
      overlay: boolean
      /** Null: the pane shows its volume alone. */
      comparison: Comparison | null
    })
  /** Log power in a plane of Fourier space. */
  | (LookingPane & { kind: 'spectrum' })
  /** Power and variance against polar angle. */
  | (LookingPane & { kind: 'curves' })
  /** 3-D. */
  | (LookingPane & { kind: 'volume' })
  /** Where the crosshair is, as sliders and numbers. */
  | { kind: 'position'; id: string }
  /** Stands where results of runs will be shown. */
  | { kind: 'awaiting'; id: string }

export type PaneKind = Pane['kind']
/** Kinds that look at a volume; the others only stand beside them. */
export type LookingKind = Exclude<PaneKind, 'position' | 'awaiting'>
export type PaneOf<Kind extends PaneKind> = Extract<Pane, { kind: Kind }>

/** What a person may turn a pane into; each has a component in panes/PaneBody.tsx. */
export const offeredKinds: readonly (LookingKind | 'position')[] = ['slice', 'spectrum', 'curves', 'volume', 'position']

export const kindNames: Readonly<Record<PaneKind, string>> = {
  slice: 'Slice',
  spectrum: 'Spectrum',
  curves: 'Curves',
  volume: '3-D',
  position: 'Position',
  awaiting: 'Nothing yet'
}

export function isLooking(pane: Pane | undefined): pane is PaneOf<LookingKind> {
  return pane !== undefined && pane.kind !== 'position' && pane.kind !== 'awaiting'
}

export function slicePane(id: string, edit: Partial<Omit<PaneOf<'slice'>, 'id' | 'kind'>> = {}): PaneOf<'slice'> {
  return {
    kind: 'slice',
    id,
    plane: 'xy',
    volumeId: null,
    method: null,
    link: 'A',
    transposed: false,
    overlay: true,
    comparison: null,
    ...edit
  }
}

/** The same pane showing something else; plane, volume and links stay. */
export function paneOfKind(pane: Pane, kind: LookingKind | 'position'): Pane {
  if (pane.kind === kind) return pane
  if (kind === 'position') return { kind, id: pane.id }
  const { id, plane, volumeId, link } = isLooking(pane) ? pane : slicePane(pane.id)
  return kind === 'slice' ? slicePane(id, { plane, volumeId, link }) : { kind, id, plane, volumeId, link }
}
