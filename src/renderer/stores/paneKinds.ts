import type { Plane } from '../../shared/axes.ts'

/** What every pane that looks at a volume has, whatever way it looks. */
interface LookingPane {
  id: string
  plane: Plane
  /** The volume looked at, or null: whatever volume the list on the left shows. */
  volumeId: string | null
}

/** The panes of the workspace by what they show. */
export type Pane =
  | (LookingPane & {
      kind: 'slice'
      /** Drawn with its row axis to the right (YZ beside XY). */
      transposed: boolean
      overlay: boolean
    })
  /** Log power in a plane of Fourier space. */
  | (LookingPane & { kind: 'spectrum' })
  /** Power and variance against polar angle. */
  | (LookingPane & { kind: 'curves' })
  /** 3-D. */
  | (LookingPane & { kind: 'volume' })
  /** Where the crosshair is, as sliders and numbers. */
  | { kind: 'position'; id: string }

export type PaneKind = Pane['kind']
export type PaneOf<Kind extends PaneKind> = Extract<Pane, { kind: Kind }>

/** What a person may turn a pane into; each has a component in panes/PaneBody.tsx. */
export const offeredKinds: readonly Exclude<PaneKind, 'position'>[] = ['slice']

export const kindNames: Readonly<Record<PaneKind, string>> = {
  slice: 'Slice',
  spectrum: 'Spectrum',
  curves: 'Curves',
  volume: '3-D',
  position: 'Position'
}

export function slicePane(id: string, edit: Partial<Omit<PaneOf<'slice'>, 'id' | 'kind'>> = {}): PaneOf<'slice'> {
  return { kind: 'slice', id, plane: 'xy', volumeId: null, transposed: false, overlay: true, ...edit }
}

/** The same pane looking in another way; plane and volume stay. */
export function paneOfKind(pane: Pane, kind: Exclude<PaneKind, 'position'>): Pane {
  if (pane.kind === kind) return pane
  const looking = pane.kind === 'position' ? slicePane(pane.id) : pane
  const { id, plane, volumeId } = looking
  return kind === 'slice' ? slicePane(id, { plane, volumeId }) : { kind, id, plane, volumeId }
}
