import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import { boxSize } from '../../shared/axes.ts'
import { layoutPlaces } from '../geometry/layoutPlaces.ts'
import { FamilyBench } from '../family/FamilyBench.tsx'
import { SliceCanvas } from '../slices/SliceCanvas.tsx'
import { useLayout } from '../stores/layout.ts'
import { useView, type View } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { BoundaryLine } from './Boundaries.tsx'
import { DropFrame } from './DropFrame.tsx'
import { EmptyState } from './EmptyState.tsx'
import { useFittedViews } from './fitViews.ts'
import { followContrasts } from './linkContrasts.ts'
import { useLinkedViews } from './linkViews.ts'
import { OverlayLegend } from './OverlayLegend.tsx'
import { PaneBody } from './PaneBody.tsx'
import { paneName } from './paneName.ts'

/** The panes, over the one canvas that draws their pictures. */
export function Workspace() {
  const tomogram = useVolumes((state) => state.tomogram)
  const hasView = useView((state) => tomogram !== null && tomogram in state.views)
  if (tomogram === null || !hasView)
    return (
      <main className="workspace">
        <EmptyState />
      </main>
    )
  return (
    <main className="workspace">
      <ViewsInStep />
      <SliceCanvas />
      <Panes tomogram={tomogram} />
      <OverlayLegend tomogram={tomogram} />
      <FamilyBench />
    </main>
  )
}

/** Follows every change of a view, and draws nothing: what stands beside it is not drawn anew for it. */
function ViewsInStep() {
  useFittedViews()
  useLinkedViews()
  useEffect(() => followContrasts(), [])
  return null
}

/** Every pane in its rectangle: beside each other in the document, so that a pane that is moved keeps what it loaded. */
function Panes({ tomogram }: { tomogram: string }) {
  const { preset, panes, tree } = useLayout()
  const framed = useView((state) => state.views[tomogram].framed)
  const aspect = useView((state) => state.views[tomogram].aspect)
  const element = useRef<HTMLDivElement>(null)
  const [room, setRoom] = useState<{ width: number; height: number } | null>(null)

  useLayoutEffect(() => {
    const measured = element.current
    if (!measured) return
    const measure = (): void => setRoom({ width: measured.clientWidth, height: measured.clientHeight })
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(measured)
    return () => observer.disconnect()
  }, [])

  const places = room && layoutPlaces(tree, room, preferredShares({ framed, aspect }))
  const names = (ids: readonly string[]): string =>
    panes
      .filter(({ id }) => ids.includes(id))
      .map(paneName)
      .join(', ')
  return (
    <div ref={element} className="panes" data-preset={preset}>
      {places &&
        panes.map((pane) => (
          <div key={pane.id} className="pane-place" style={places.panes[pane.id]}>
            <PaneBody pane={pane} />
          </div>
        ))}
      {places?.boundaries.map((boundary) => (
        <BoundaryLine
          key={`${boundary.split}/${boundary.index}`}
          boundary={boundary}
          label={`Boundary between ${names(boundary.panes.before)} and ${names(boundary.panes.after)}`}
        />
      ))}
      {places && <DropFrame places={places.panes} />}
    </div>
  )
}

/** Three planes share the room in proportion to what is framed, so that one scale fills them all. */
function preferredShares({
  framed,
  aspect
}: Pick<View, 'framed' | 'aspect'>): Readonly<Record<string, readonly number[]>> {
  const size = boxSize(framed)
  const depth = size.z * aspect.z
  const share = (extent: number): number => Math.min(0.5, Math.max(0.24, depth / (depth + extent)))
  const across = share(size.x * aspect.x)
  const upwards = share(size.y * aspect.y)
  return {
    planes: [upwards, 1 - upwards],
    'planes-above': [1 - across, across],
    'planes-below': [1 - across, across],
    family: [0.68, 0.32]
  }
}
