import { useRef } from 'react'
import { planeAxes } from '../../shared/axes.ts'
import { useLayer } from '../slices/layerState.ts'
import { leadsSlices, paneModel, transformOf } from '../slices/paneModel.ts'
import { allShown, wantedSlices } from '../slices/wantedSlices.ts'
import { NothingShown } from '../session/NothingShown.tsx'
import { activatePane, sharesPlane, useLayout } from '../stores/layout.ts'
import { useJobs } from '../stores/jobs.ts'
import { useLinks } from '../stores/links.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { BeamGlyph } from '../directions/BeamGlyph.tsx'
import { useBeamGlyph } from '../directions/beamGlyphStore.ts'
import { useFamilyBench } from '../family/familyStore.ts'
import { useFilters } from '../stores/filters.ts'
import { overlayOf, useOverlay } from '../stores/overlay.ts'
import { usePanes } from '../stores/panes.ts'
import { useMeasuredPicture } from './measuredPicture.ts'
import { useRegion } from '../stores/region.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useParts } from '../uncertainty/parts.ts'
import { useWedge } from '../stores/wedge.ts'
import { MeasureGlyphs } from '../measure/MeasureGlyphs.tsx'
import { ComparisonBar } from './ComparisonBar.tsx'
import { ComparisonGlyphs } from './ComparisonGlyphs.tsx'
import { ComparisonRefusal } from './ComparisonRefusal.tsx'
import { DifferenceLegend } from './DifferenceLegend.tsx'
import { Crosshair, LowerRightGlyph, RegionOutline, ScaleBarGlyph } from './Glyphs.tsx'
import { layerTitle } from './layerTitle.ts'
import { MethodPane } from './MethodPane.tsx'
import { PaneFrame } from './PaneFrame.tsx'
import { PaneHeader } from './PaneHeader.tsx'
import { usePanePointer } from './panePointer.ts'
import { usePaneWheel } from './paneWheel.ts'
import { RegionEditor } from './RegionEditor.tsx'
import { VolumeChoice } from './VolumeChoice.tsx'

/** The stores that decide what a pane shows; read together by `paneModel`. */
function usePaneModel(paneId: string) {
  useVolumes()
  useView()
  useLayout((state) => state.panes)
  useOverlay()
  useParts()
  useLinks()
  useRegion()
  useJobs((state) => state.jobs)
  useFilters()
  useFamilyBench((state) => state.preview)
  return paneModel(paneId)
}

/** One linked slice: the picture is drawn under it by SliceCanvas, the glyphs and the pointer are here. */
export function SlicePane({ pane }: { pane: PaneOf<'slice'> }) {
  const picture = useRef<HTMLDivElement>(null)
  const model = usePaneModel(pane.id)
  const size = usePanes((state) => state.sizes[pane.id])
  const preset = useLayout((state) => state.preset)
  const region = useRegion((state) => (model ? state.boxes[model.tomogram.id] : null))
  const layer = useLayer(pane.id, 'base')
  const layers = {
    base: layer,
    overlay: useLayer(pane.id, 'overlay'),
    other: useLayer(pane.id, 'other'),
    spread: useLayer(pane.id, 'spread')
  }
  const view = model?.view ?? null
  const wanted = model && wantedSlices(model)
  const index = wanted?.base?.index ?? null
  const wedge = useWedge((state) => (model ? state.wedges[model.tomogram.id]?.wedge : undefined))
  const showBeamGlyph = useBeamGlyph((state) => state.shown)

  usePaneWheel(picture, pane.id)
  const pointer = usePanePointer(pane.id)

  useMeasuredPicture(picture, pane.id)

  const { showCrosshair, showScaleBar, tool } = useView()
  const transform = model && view && size ? transformOf(pane, view, size) : null
  const { normal } = planeAxes[pane.plane]
  const isSettled = wanted !== null && size !== undefined && allShown(wanted, layers)
  const stepping = model === null || leadsSlices(model)
  const overlays = useOverlay((state) => (model ? overlayOf(state, model.tomogram.id) : null))
  const hasOverlay = sharesPlane(preset) && overlays !== null && overlays.visible && overlays.volumeId !== null
  const label =
    model && view
      ? `${pane.plane.toUpperCase()} slice of ${layerTitle(model.base)}, ${normal} ${view.cursor[normal]} of ${view.size[normal] - 1}`
      : `${pane.plane.toUpperCase()} slice, empty`

  if (!model && pane.method !== null) return <MethodPane pane={pane} method={pane.method} />
  return (
    <PaneFrame
      pane={pane}
      label={label}
      choosing={stepping || !sharesPlane(preset)}
      head={
        model && view ? (
          <PaneHeader
            pane={pane}
            stepping={stepping}
            group={model.group}
            view={view}
            base={model.base}
            hasOverlay={hasOverlay}
            loading={layer.loading}
          />
        ) : (
          <>
            <VolumeChoice pane={pane} base={null} />
            <span className="pane-spring" />
          </>
        )
      }
    >
      <ComparisonBar pane={pane} model={model} />
      <div
        ref={picture}
        className="picture"
        data-picture={pane.id}
        data-tool={tool}
        data-scale={view?.scale}
        data-settled={isSettled}
        data-shown={layer.slice ? `${layer.slice.volumeId}:${layer.slice.revision}:${layer.slice.index}` : ''}
        role="application"
        aria-roledescription="slice"
        aria-label={label}
        tabIndex={0}
        onFocus={() => activatePane(pane.id)}
        onContextMenu={(event) => event.preventDefault()}
        {...pointer}
      >
        {transform && view && showCrosshair && <Crosshair transform={transform} view={view} />}
        {transform && view && model && (
          <svg className="glyphs" width={transform.width} height={transform.height} aria-hidden="true">
            {model.base.region && <RegionOutline transform={transform} box={model.base.region.box} />}
            {model.comparison?.relation.kind === 'nested' && (
              <RegionOutline transform={transform} box={model.comparison.relation.box} />
            )}
            {region && <RegionEditor transform={transform} view={view} tomogram={model.tomogram.id} box={region} />}
            <MeasureGlyphs transform={transform} view={view} tomogram={model.tomogram.id} />
          </svg>
        )}
        {transform && view && showScaleBar && <ScaleBarGlyph transform={transform} view={view} />}
        {transform && showBeamGlyph && wedge && (
          <LowerRightGlyph transform={transform}>
            <BeamGlyph pane={pane} transform={transform} wedge={wedge} />
          </LowerRightGlyph>
        )}
        {transform && model && <ComparisonGlyphs model={model} transform={transform} />}
        {model && <ComparisonRefusal model={model} />}
        {model && index === null && (
          <p className="pane-note">
            {layerTitle(model.base)} covers {normal} {model.base.region?.box[normal][0]} to{' '}
            {(model.base.region?.box[normal][1] ?? 1) - 1}; this slice lies outside.
          </p>
        )}
        {layer.failure && (
          <p className="pane-note pane-failure" role="alert">
            <strong>{layer.failure.message}</strong> {layer.failure.hint}
          </p>
        )}
        {!model && <NothingShown volumeId={pane.volumeId} />}
      </div>
      {model && <DifferenceLegend model={model} />}
    </PaneFrame>
  )
}
