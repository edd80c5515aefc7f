import type { SessionState } from '../../shared/session/state.ts'
import { useBeamGlyph } from '../directions/beamGlyphStore.ts'
import { useSpectrumChoice } from '../directions/spectrumChoice.ts'
import { useFamilyBench } from '../family/familyStore.ts'
import { useMeasure } from '../measure/measurements.ts'
import { useContrast } from '../stores/contrast.ts'
import { useFilters } from '../stores/filters.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks } from '../stores/links.ts'
import { useOverlay } from '../stores/overlay.ts'
import { useRegion } from '../stores/region.ts'
import { useRunPlan } from '../stores/runPlan.ts'
import { useView } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'
import { useVolumeView } from '../stores/volumeView.ts'
import { useWedge } from '../stores/wedge.ts'
import { useParts } from '../uncertainty/parts.ts'
import { readDocuments } from './documents.ts'

type Of<Field extends keyof SessionState> = SessionState[Field]

/** How the window is arranged now, with this process's ids. */
export function readState(): SessionState {
  const { tomogram, base } = useVolumes.getState()
  const { preset, panes, tree, activePane, leftOpen, rightOpen } = useLayout.getState()
  const view = useView.getState()
  const { linked, displays } = useContrast.getState()
  const { methods, settings, device } = useRunPlan.getState()
  const { open, membersPerSecond, pin, preview, continueOnRest } = useFamilyBench.getState()
  const { looks, cameras, saved } = useVolumeView.getState()
  return {
    shown: { tomogram, base: { ...base } },
    layout: { preset, panes: [...panes], tree, activePane, leftOpen, rightOpen },
    links: { ...useLinks.getState().groups },
    views: each(view.views, ({ cursor, centre, scale, fit, framed }) => ({ cursor, centre, scale, fit, framed })),
    glyphs: {
      crosshair: view.showCrosshair,
      scaleBar: view.showScaleBar,
      smooth: view.smooth,
      beam: useBeamGlyph.getState().shown
    },
    // The limits of a volume without a single number are none.
    contrast: {
      linked,
      displays: each(displays, (display) =>
        Number.isFinite(display.low) && Number.isFinite(display.high) ? display : null
      )
    },
    filters: { ...useFilters.getState().filters },
    overlays: each(useOverlay.getState().overlays, (overlay) => ({ ...overlay, contours: [...overlay.contours] })),
    regions: each(useRegion.getState().boxes, (box) => box),
    wedges: each(useWedge.getState().wedges, ({ wedge, source }) => (source === 'given' ? wedge : null)),
    parts: { ...useParts.getState().parts },
    plan: { methods: [...methods], settings, device },
    family: { open, membersPerSecond, pin, preview: { ...preview }, continueOnRest },
    volume3d: {
      looks: each(looks, (look): Of<'volume3d'>['looks'][string] => ({
        ...look,
        opacity: [...look.opacity],
        clip: { x: [...look.clip.x], y: [...look.clip.y], z: [...look.clip.z] }
      })),
      cameras: each(cameras, (camera) => ({ ...camera, rotation: [...camera.rotation] })),
      saved: each(saved, (camera) => ({ ...camera, rotation: [...camera.rotation] }))
    },
    spectra: { ...useSpectrumChoice.getState().choices },
    measurements: each(useMeasure.getState().lines, (lines) => (lines.length > 0 ? [...lines] : null)),
    documents: readDocuments()
  }
}

/** Every entry as it is kept; null: it is not. */
function each<Value, Kept>(
  entries: Readonly<Record<string, Value>>,
  keep: (value: Value) => Kept | null
): Record<string, Kept> {
  const kept: Record<string, Kept> = {}
  for (const [key, value] of Object.entries(entries)) {
    const entry = keep(value)
    if (entry !== null) kept[key] = entry
  }
  return kept
}
