import type { SessionState } from './state.ts'

const linked = { position: true, zoom: true, contrast: true }

/** Nothing open, nothing set: one XY pane. What older versions did not have begins with this. */
export const emptyState: SessionState = {
  shown: { tomogram: null, base: {} },
  layout: {
    preset: 'single',
    panes: [
      {
        kind: 'slice',
        id: 'single',
        plane: 'xy',
        volumeId: null,
        link: 'A',
        method: null,
        transposed: false,
        overlay: true,
        comparison: null
      }
    ],
    tree: { pane: 'single' },
    activePane: 'single',
    leftOpen: true,
    rightOpen: true
  },
  links: { A: linked, B: linked, C: linked, D: linked },
  views: {},
  glyphs: { crosshair: true, scaleBar: true, smooth: true, beam: true },
  contrast: { linked: true, displays: {} },
  filters: {},
  overlays: {},
  regions: {},
  wedges: {},
  parts: {},
  plan: { methods: ['cryogen-1', 'cryowgen-2'], settings: {}, device: 'auto' },
  family: { open: false, membersPerSecond: 4, pin: null, preview: {}, continueOnRest: false },
  volume3d: { looks: {}, cameras: {}, saved: {} },
  spectra: {},
  measurements: {},
  documents: {}
}
