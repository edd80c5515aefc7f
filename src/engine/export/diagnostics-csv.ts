import type { RunDiagnostics } from '../../shared/run-diagnostics.ts'
import { csvText } from './csv-text.ts'
import type { CsvCell } from './csv-text.ts'

/**
 * A run's series as CSV, one row a step (iteration or candidate), counted from 1: the mean over the chains of potential and misfit, what each
 * chain and the acceptance were where they are known. Potentials have no unit; the misfit is in units of what the noise alone would leave.
 */
export function diagnosticsCsv({ trace }: RunDiagnostics): string {
  const columns: [string, readonly (number | null)[]][] = [
    ['potential, mean of the chains', trace.potential],
    ['misfit per measured voxel (1: as the noise)', trace.misfit]
  ]
  trace.chainPotentials?.forEach((values, chain) => columns.push([`potential of chain ${chain + 1}`, values]))
  if (trace.acceptance) columns.push(['acceptance of proposals (0 to 1)', trace.acceptance])
  const rows = Math.max(...columns.map(([, values]) => values.length))
  const table: CsvCell[][] = [['step', ...columns.map(([name]) => name)]]
  for (let i = 0; i < rows; i++) table.push([i + 1, ...columns.map(([, values]) => values[i] ?? null)])
  return csvText(table)
}
