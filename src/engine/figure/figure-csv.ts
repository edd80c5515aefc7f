import { angularBinDegrees } from '../../shared/directions.ts'
import { planeAxes } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { CurvesPanel, DistributionPanel, FigurePanel, FigureSpec, SpectrumPanel } from '../../shared/figure.ts'
import { powerImage } from '../wedge/power.ts'
import { csvText } from '../export/csv-text.ts'
import type { CsvCell } from '../export/csv-text.ts'
import { voxelValues } from './distribution-panel.ts'
import type { FigureSource } from './figure-svg.ts'
import { sourceDirections, sourcePower } from './power-source.ts'

type Plotted = CurvesPanel | SpectrumPanel | DistributionPanel

/**
 * The numbers behind a figure's curves, spectra and distributions as CSV (RFC 4180), units in the header. Several panels follow one another, an
 * empty line and the panel's title between them.
 *
 * @throws WedgeviewError usage `figure-no-curves`
 */
export async function figureCsv(spec: FigureSpec, source: FigureSource): Promise<string> {
  const plotted = spec.panels.filter(isPlotted)
  if (plotted.length === 0)
    throw new WedgeviewError(
      'usage',
      'figure-no-curves',
      'The figure has no curves, spectrum or distribution whose numbers could be written.',
      'Add such a panel, or choose TIFF with the values for slices.'
    )
  const tables: string[] = []
  for (const panel of plotted) {
    const table = csvText(await rowsOf(panel, source))
    tables.push(plotted.length > 1 ? `${csvText([[`# ${panel.title || panel.kind}`]])}${table}` : table)
  }
  return tables.join('\r\n')
}

function isPlotted(panel: FigurePanel): panel is Plotted {
  return panel.kind === 'curves' || panel.kind === 'spectrum' || panel.kind === 'distribution'
}

function rowsOf(panel: Plotted, source: FigureSource): Promise<CsvCell[][]> {
  switch (panel.kind) {
    case 'curves':
      return curveRows(panel, source)
    case 'spectrum':
      return spectrumRows(panel, source)
    case 'distribution':
      return distributionRows(panel, source)
  }
}

/** One row an angle; a bin without a frequency is left empty. */
async function curveRows({ curves, wedge }: CurvesPanel, source: FigureSource): Promise<CsvCell[][]> {
  const columns: Map<number, number>[] = []
  for (const { source: of } of curves) {
    const { bins } = await sourceDirections(of, wedge, source)
    columns.push(new Map(bins.map(({ degrees, power }) => [degrees, power])))
  }
  const head = [
    'angle from tilt 0 (degrees)',
    'measured',
    ...curves.map(({ label }) => `${label}: power per frequency (grey value^2)`)
  ]
  const rows: CsvCell[][] = [head]
  for (let degrees = -90 + angularBinDegrees / 2; degrees < 90; degrees += angularBinDegrees) {
    const isMeasured = degrees >= wedge.tiltMin && degrees <= wedge.tiltMax
    rows.push([degrees, isMeasured ? 1 : 0, ...columns.map((column) => column.get(degrees) ?? null)])
  }
  return rows
}

/** One row a frequency, the negative ones first. */
async function spectrumRows(panel: SpectrumPanel, source: FigureSource): Promise<CsvCell[][]> {
  const { column, row, normal } = planeAxes[panel.plane]
  const { power, voxelSizeAngstrom } = await sourcePower(panel.source, normal, source)
  const image = powerImage(power)
  const unit = voxelSizeAngstrom ? '1/nm' : 'cycles per voxel'
  const rows: CsvCell[][] = [[`k${column} (${unit})`, `k${row} (${unit})`, 'log10 mean power (grey value^2)']]
  const frequency = (at: number, n: number, voxel: number | undefined): number =>
    Number(((at - Math.floor(n / 2)) / n / (voxel === undefined ? 1 : voxel / 10)).toPrecision(9))
  for (let r = 0; r < image.rows; r++)
    for (let c = 0; c < image.columns; c++)
      rows.push([
        frequency(c, image.columns, voxelSizeAngstrom?.[column]),
        frequency(r, image.rows, voxelSizeAngstrom?.[row]),
        image.values[r * image.columns + c]
      ])
  return rows
}

async function distributionRows(panel: DistributionPanel, source: FigureSource): Promise<CsvCell[][]> {
  const { members, mean, sd, map, raw } = await voxelValues(panel, source)
  const named: [string, number | null][] = [
    ['posterior mean', mean],
    ['posterior SD', sd],
    ['MAP', map],
    ['tomogram', raw]
  ]
  return [
    ['of', `value (${panel.quantity})`],
    ...members.map((value, i) => [`member ${i + 1}`, value]),
    ...named.filter(([, value]) => value !== null)
  ]
}
