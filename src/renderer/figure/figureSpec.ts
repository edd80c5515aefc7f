import { planeAxes, type Axis } from '../../shared/axes.ts'
import type { FigureSpec, SlicePanel } from '../../shared/figure.ts'
import { methods } from '../../shared/methods.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { fieldOfBox, fieldOfView, intersection, rangeWithin, type Field } from '../geometry/fieldOfView.ts'
import { paneGeometry } from '../panes/panePointer.ts'
import { jobOfVolume, layerTitle } from '../panes/layerTitle.ts'
import { paneModel, sliceIndex } from '../slices/paneModel.ts'
import { displayOf, drawnRange, useContrast } from '../stores/contrast.ts'
import { filtersInWords, filtersOf, useFilters } from '../stores/filters.ts'
import { useJobs } from '../stores/jobs.ts'
import { sharesPlane, useLayout } from '../stores/layout.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { overlayRange } from '../stores/overlay.ts'
import { volumePanel } from './volumePanel.ts'

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
  const { panes: shown, preset } = useLayout.getState()
  const panes = shown.filter((pane) => pane.kind === 'slice')
  const volumes = shown.filter((pane) => pane.kind === 'volume')
  const fields = panes.map(fieldOf)
  const common = intersection(fields)
  const panels = [
    ...panes.map((pane, i) => panelOf(pane, sharesPlane(preset) ? common : fields[i])),
    ...volumes.map((pane) => volumePanel(pane.id, choices.background))
  ].filter((panel) => panel !== null)
  const columns = preset === 'compare' ? panels.length : Math.min(panels.length, 3)
  return { formatVersion: 1, ...choices, columns: Math.max(1, columns), panels, scaleBar: true }
}

/** What a pane shows of its volume. Panels of a comparison all show what is common to them. */
function fieldOf(pane: PaneOf<'slice'>): Field {
  const geometry = paneGeometry(pane.id)
  if (!geometry) return {}
  const { base } = geometry.model
  return intersection([fieldOfView(geometry.transform), ...(base.region ? [fieldOfBox(base.region.box)] : [])])
}

function cropOf(pane: PaneOf<'slice'>, base: OpenVolume, field: Field): SlicePanel['crop'] {
  const range = (axis: Axis) => rangeWithin(field[axis], startOf(base, axis), base.info.size[axis])
  const columns = range(planeAxes[pane.plane].column)
  const rows = range(planeAxes[pane.plane].row)
  return columns && rows ? { columns, rows } : null
}

function panelOf(pane: PaneOf<'slice'>, field: Field): SlicePanel | null {
  const model = paneModel(pane.id)
  if (!model) return null
  const { base, tomogram, view, overlay } = model
  const index = sliceIndex(base, view, pane.plane)
  if (index === null) return null
  const display = displayOf(useContrast.getState(), base, tomogram, model.contrastScope)
  return {
    kind: 'slice',
    volume: base.id,
    plane: pane.plane,
    index,
    contrast: drawnRange(display),
    colourMap: display.colourMap,
    gamma: display.gamma,
    filters: filtersOf(useFilters.getState(), model.tomogram.id),
    crop: cropOf(pane, base, field),
    title: `${layerTitle(base)}, ${pane.plane.toUpperCase()}`,
    overlay: overlay && overlayPanel(pane, model.overlay)
  }

  function overlayPanel(of: PaneOf<'slice'>, shown: NonNullable<typeof overlay> | null): SlicePanel['overlay'] {
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
function offsetBetween(overlay: OpenVolume, base: OpenVolume, pane: PaneOf<'slice'>): [number, number] {
  const { column, row } = planeAxes[pane.plane]
  return [startOf(overlay, column) - startOf(base, column), startOf(overlay, row) - startOf(base, row)]
}

/** Where a volume begins in its tomogram. */
function startOf(volume: OpenVolume, axis: Axis): number {
  return volume.region?.box[axis][0] ?? 0
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
    bundle ? `Bundle ${bundle.name} ${bundle.version}.` : '',
    first ? filtersInWords(filtersOf(useFilters.getState(), first.tomogram.id)) : ''
  ]
    .filter(Boolean)
    .join(' ')
}
