import type { FigurePanel, FigureSpec } from '../../shared/figure.ts'
import { methods } from '../../shared/methods.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { jobOfVolume, layerTitle } from '../panes/layerTitle.ts'
import { paneModel, sliceIndex } from '../slices/paneModel.ts'
import { displayOf, drawnRange, useContrast } from '../stores/contrast.ts'
import { useJobs } from '../stores/jobs.ts'
import { useLayout, type Pane } from '../stores/layout.ts'
import { overlayRange } from '../stores/overlay.ts'
import { planeAxes } from '../../shared/axes.ts'

/** What a person may change about a figure before it is saved. */
export interface FigureChoices {
  widthMm: number
  dpi: number
  background: 'white' | 'black'
  panelLetters: boolean
  caption: string
}

/** The figure of what the panes show now. */
export function figureSpec(choices: FigureChoices): FigureSpec {
  const { panes, preset } = useLayout.getState()
  const panels = panes.map(panelOf).filter((panel) => panel !== null)
  const columns = preset === 'compare' ? panels.length : Math.min(panels.length, 3)
  return { formatVersion: 1, ...choices, columns: Math.max(1, columns), panels, scaleBar: true }
}

function panelOf(pane: Pane): FigurePanel | null {
  const model = paneModel(pane.id)
  if (!model) return null
  const { base, tomogram, view, overlay } = model
  const index = sliceIndex(base, view, pane.plane)
  if (index === null) return null
  const display = displayOf(useContrast.getState(), base, tomogram)
  return {
    kind: 'slice',
    volume: base.id,
    plane: pane.plane,
    index,
    contrast: drawnRange(display),
    colourMap: display.colourMap,
    gamma: display.gamma,
    title: `${layerTitle(base)}, ${pane.plane.toUpperCase()}`,
    overlay: overlay && overlayPanel(pane, model.overlay)
  }

  function overlayPanel(of: Pane, shown: NonNullable<typeof overlay> | null): FigurePanel['overlay'] {
    const overlayIndex = shown && sliceIndex(shown.volume, view, of.plane)
    if (!shown || overlayIndex === null) return null
    const { settings, volume } = shown
    return {
      volume: volume.id,
      index: overlayIndex,
      offset: offsetBetween(volume, base, of),
      contrast: overlayRange(settings, volume),
      colourMap: settings.colourMap,
      opacity: settings.opacity,
      opacityByValue: settings.opacityByValue,
      threshold: settings.threshold,
      quantity: volume.quantity
    }
  }
}

/** Lower left corner of the overlay's slice in the base slice's pixels. */
function offsetBetween(overlay: OpenVolume, base: OpenVolume, pane: Pane): [number, number] {
  const { column, row } = planeAxes[pane.plane]
  const start = (volume: OpenVolume, axis: 'x' | 'y' | 'z'): number => volume.region?.box[axis][0] ?? 0
  return [start(overlay, column) - start(base, column), start(overlay, row) - start(base, row)]
}

/** Method, temperature and seed of every run whose maps the panes show. */
export function suggestedCaption(): string {
  const models = useLayout.getState().panes.map((pane) => paneModel(pane.id))
  const shown = models.flatMap((model) => (model ? [model.base, ...(model.overlay ? [model.overlay.volume] : [])] : []))
  const { jobs } = useJobs.getState()
  const runs = [...new Set(shown.map((volume) => jobOfVolume(jobs, volume)).filter((job) => job !== undefined))]
  const first = models.find((model) => model !== null)
  const sentences = runs.map((job) => {
    const settings = job.run?.settings ?? job.request.settings
    const facts = [methods[job.request.method].name]
    if (methods[job.request.method].family) {
      if (typeof settings.gamma === 'number') facts.push(`γ = ${settings.gamma}`)
      if (typeof settings.seed === 'number') facts.push(`seed ${settings.seed}`)
    }
    if (job.run?.partial) facts.push('partial')
    return facts.join(', ')
  })
  const bundle = runs.find(({ run }) => run !== null)?.run?.bundle
  return [
    first ? `${first.tomogram.name}.` : '',
    sentences.length > 0 ? `${sentences.join('; ')}.` : '',
    bundle ? `Bundle ${bundle.name} ${bundle.version}.` : ''
  ]
    .filter(Boolean)
    .join(' ')
}
