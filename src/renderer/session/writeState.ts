import { boxSchema, wholeBox, type Axis, type Box, type XYZ } from '../../shared/axes.ts'
import type { SessionState } from '../../shared/session/state.ts'
import { useBeamGlyph } from '../directions/beamGlyphStore.ts'
import { useSpectrumChoice } from '../directions/spectrumChoice.ts'
import { useFamilyBench } from '../family/familyStore.ts'
import { clampVoxel } from '../geometry/paneTransform.ts'
import { useMeasure } from '../measure/measurements.ts'
import { useContrast } from '../stores/contrast.ts'
import { useFilters } from '../stores/filters.ts'
import { showArrangement, useLayout, type Arrangement } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { defaultOverlay, useOverlay } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { useRunPlan } from '../stores/runPlan.ts'
import { scaleLimits, useView, type View } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { defaultLook, useVolumeView } from '../stores/volumeView.ts'
import { giveWedges } from '../stores/wedge.ts'
import { useParts } from '../uncertainty/parts.ts'
import { writeDocuments } from './documents.ts'

const noPictures: Arrangement = {
  preset: 'single',
  panes: [{ kind: 'position', id: 'position' }],
  tree: { pane: 'position' },
  activePane: 'position'
}

/**
 * Arranges the window as it was; ids are this process's. What a session says of voxels is brought within the volumes that are there: a file may
 * have been replaced by another of its name.
 */
export function writeState(state: SessionState): void {
  const { order } = useVolumes.getState()
  const { volumes } = useVolumes.getState()
  const isOpen = (id: string): boolean => id in volumes
  // While there is no picture no view and no contrast follows another: each is to be as it was.
  showArrangement(noPictures)
  useLinks.setState({ groups: state.links })
  useContrast.setState(state.contrast)
  useFilters.setState({ filters: state.filters })
  useOverlay.setState({ overlays: each(state.overlays, (overlay) => ({ ...defaultOverlay, ...overlay })) })
  useRegion.setState({
    boxes: each(state.regions, (box, id) => (isOpen(id) ? within(box, volumes[id].info.size) : box))
  })
  giveWedges(state.wedges)
  useParts.setState({ parts: state.parts })
  useRunPlan.setState({ ...state.plan, estimates: {}, failure: null })
  const { pin } = state.family
  useFamilyBench.setState({ ...state.family, pin: pin && isOpen(pin.volumeId) ? pin : null, playing: false })
  useVolumeView.setState({
    looks: each(state.volume3d.looks, (look) => ({ ...defaultLook, ...look })),
    cameras: state.volume3d.cameras,
    saved: state.volume3d.saved
  })
  useSpectrumChoice.setState({ choices: state.spectra })
  useBeamGlyph.setState({ shown: state.glyphs.beam })
  useMeasure.setState({ lines: state.measurements, begun: null, pointer: null })
  const { crosshair: showCrosshair, scaleBar: showScaleBar, smooth } = state.glyphs
  useView.setState(({ views }) => ({
    views: { ...views, ...viewsOf(state.views, views) },
    showCrosshair,
    showScaleBar,
    smooth,
    tool: 'navigate'
  }))
  const { tomogram } = state.shown
  const first = order.find((id) => volumes[id].region === null) ?? null
  const base = Object.entries(state.shown.base).filter(([of, shown]) => isOpen(of) && isOpen(shown))
  useVolumes.setState({
    tomogram: tomogram !== null && isOpen(tomogram) ? tomogram : first,
    base: Object.fromEntries(base)
  })
  const { leftOpen, rightOpen, ...arrangement } = state.layout
  showArrangement(arrangement)
  useLayout.setState({ leftOpen, rightOpen })
  writeDocuments(state.documents)
}

function each<Value, Made>(
  entries: Readonly<Record<string, Value>>,
  make: (value: Value, key: string) => Made
): Record<string, Made> {
  return Object.fromEntries(Object.entries(entries).map(([key, value]) => [key, make(value, key)]))
}

/** Views of tomograms that are open, each with its volume's own facts. */
function viewsOf(kept: SessionState['views'], open: Readonly<Record<string, View>>): Record<string, View> {
  const views: Record<string, View> = {}
  for (const [key, { cursor, centre, scale, fit, framed }] of Object.entries(kept)) {
    const own = open[key.split(/[#@]/)[0]]
    if (!own) continue
    const { size } = own
    views[key] = {
      ...own,
      cursor: clampVoxel(cursor, size),
      centre: pointWithin(centre, size),
      scale: Math.min(scaleLimits.max, Math.max(scaleLimits.min, scale)),
      fit: fit && (within(fit, size) ?? wholeBox(size)),
      framed: (framed && within(framed, size)) ?? wholeBox(size)
    }
  }
  return views
}

const axes: readonly Axis[] = ['x', 'y', 'z']

function pointWithin(point: XYZ, size: XYZ): XYZ {
  const at = (axis: Axis): number => Math.min(size[axis], Math.max(0, point[axis]))
  return { x: at('x'), y: at('y'), z: at('z') }
}

/** What of a box is in a volume; null: nothing. */
function within(box: Box, size: XYZ): Box | null {
  const inside = boxSchema.parse(
    Object.fromEntries(axes.map((axis) => [axis, [Math.max(0, box[axis][0]), Math.min(size[axis], box[axis][1])]]))
  )
  return axes.every((axis) => inside[axis][0] < inside[axis][1]) ? inside : null
}
