import type { CSSProperties } from 'react'
import { boxSize } from '../../shared/axes.ts'
import { SliceCanvas } from '../slices/SliceCanvas.tsx'
import { useLayout } from '../stores/layout.ts'
import { useView, type View } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { EmptyState } from './EmptyState.tsx'
import { useFittedViews } from './fitViews.ts'
import { OverlayLegend } from './OverlayLegend.tsx'
import { PaneBody } from './PaneBody.tsx'
import { PositionPane } from './PositionPane.tsx'

/** The panes, over the one canvas that draws their pictures. */
export function Workspace() {
  const { preset, panes } = useLayout()
  const tomogram = useVolumes((state) => state.tomogram)
  const view = useView((state) => (tomogram === null ? undefined : state.views[tomogram]))
  useFittedViews()
  if (tomogram === null || !view)
    return (
      <main className="workspace">
        <EmptyState />
      </main>
    )
  return (
    <main className="workspace">
      <SliceCanvas />
      <div
        className="panes"
        data-preset={preset}
        style={tracks(preset, Math.max(panes.length, preset === 'compare' ? 2 : 1), view)}
      >
        {panes.map((pane) => (
          <PaneBody key={pane.id} pane={pane} />
        ))}
        {preset === 'compare' && panes.length < 2 && <NothingToCompare />}
        {preset === 'planes' && <PositionPane group={tomogram} view={view} />}
      </div>
      <OverlayLegend tomogram={tomogram} />
    </main>
  )
}

function NothingToCompare() {
  return (
    <section className="pane nothing-to-compare" aria-label="Nothing to compare yet">
      <h2>Reconstructions appear here</h2>
      <p>
        Draw a region of interest, choose methods and press Run: MAP and posterior mean then stand beside the tomogram,
        linked in position, zoom and contrast.
      </p>
    </section>
  )
}

/** Three planes share the room in proportion to what is framed, so that one scale fills them all. */
function tracks(preset: string, count: number, { framed, aspect }: View): CSSProperties {
  if (preset !== 'planes') return { gridTemplateColumns: `repeat(${count}, minmax(0, 1fr))` }
  const size = boxSize(framed)
  const depth = size.z * aspect.z
  const share = (extent: number): number => Math.min(0.5, Math.max(0.24, depth / (depth + extent)))
  const across = share(size.x * aspect.x)
  const upwards = share(size.y * aspect.y)
  return {
    gridTemplateColumns: `minmax(0, ${1 - across}fr) minmax(0, ${across}fr)`,
    gridTemplateRows: `minmax(0, ${upwards}fr) minmax(0, ${1 - upwards}fr)`
  }
}
