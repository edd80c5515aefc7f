import { methods } from '../../shared/methods.ts'
import type { Job } from '../../shared/jobs.ts'
import type { FigureSpec } from '../../shared/figure.ts'
import { volumeNames } from '../../shared/figure-names.ts'
import { jobOfVolume } from '../panes/layerTitle.ts'
import { filtersInWords } from '../stores/filters.ts'
import { useJobs } from '../stores/jobs.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'

/** Enough digits of a hash to tell files apart by eye. */
const hashDigits = 12

/**
 * What a reader needs to get the figure again: the tomogram, and of every run that it shows method, temperature and seed, the bundle and the
 * input by their hashes, and how slices are filtered.
 */
export function suggestedCaption(spec: Pick<FigureSpec, 'panels' | 'volumes'>): string {
  const { volumes } = useVolumes.getState()
  const { jobs } = useJobs.getState()
  const shown = volumeNames({ ...emptySpec, ...spec }).flatMap((id) => (volumes[id] ? [volumes[id]] : []))
  const tomograms = [...new Set(shown.map(tomogramOf))].flatMap((id) => (volumes[id] ? [volumes[id].name] : []))
  const runs = [...new Set(shown.map((volume) => jobOfVolume(jobs, volume)).filter((job) => job !== undefined))]
  const records = runs.flatMap(({ run }) => (run ? [run] : []))
  const bundles = unique(
    records.map(
      ({ bundle }) => `Bundle ${bundle.name} ${bundle.version}, SHA-256 ${bundle.sha256.slice(0, hashDigits)}.`
    )
  )
  const inputs = unique(records.map(({ input }) => input.sha256.slice(0, hashDigits)))
  const temperatures = unique(
    Object.values(spec.volumes).flatMap((recipe) => (recipe.kind === 'preview' ? [String(recipe.gamma)] : []))
  )
  const filters = unique(
    spec.panels.flatMap((panel) => (panel.kind === 'slice' && panel.filters ? [filtersInWords(panel.filters)] : []))
  )
  return [
    tomograms.length > 0 ? `${tomograms.join(', ')}.` : '',
    runs.length > 0 ? `${runs.map(runInWords).join('; ')}.` : '',
    temperatures.length > 0 ? `Shown as predicted for γ = ${temperatures.join(', ')}.` : '',
    ...bundles,
    inputs.length > 0 ? `Input SHA-256 ${inputs.join(', ')}.` : '',
    ...filters
  ]
    .filter(Boolean)
    .join(' ')
}

const emptySpec: FigureSpec = {
  formatVersion: 1,
  widthMm: 174,
  dpi: 300,
  background: 'white',
  fontSizePt: 7,
  columns: 1,
  panels: [],
  volumes: {},
  scaleBar: true,
  panelLetters: false,
  caption: ''
}

function runInWords(job: Job): string {
  const settings = job.run?.settings ?? job.request.settings
  const facts = [methods[job.request.method].name]
  if (methods[job.request.method].family) {
    if (typeof settings.gamma === 'number') facts.push(`γ = ${settings.gamma}`)
    if (typeof settings.seed === 'number') facts.push(`seed ${settings.seed}`)
  }
  if (job.run?.partial) facts.push('partial')
  return facts.join(', ')
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].filter(Boolean)
}
