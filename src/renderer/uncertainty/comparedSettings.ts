import { methods } from '../../shared/methods.ts'
import { settingDeclarations } from '../../shared/settings.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { formatBox } from '../../shared/axes.ts'

/** One property of several runs, as text; they differ where the texts do. */
export interface ComparedRow {
  name: string
  values: string[]
  differs: boolean
}

/** What runs were asked for and what came of it, property by property. */
export function comparedRows(runs: readonly RunRecord[]): { settings: ComparedRow[]; results: ComparedRow[] } {
  const row = (name: string, of: (run: RunRecord) => string): ComparedRow => {
    const values = runs.map(of)
    return { name, values, differs: new Set(values).size > 1 }
  }
  const keys = [...new Set(runs.flatMap(({ settings }) => Object.keys(settings)))].sort(inDeclaredOrder)
  const settings = [
    row('Method', ({ method }) => methods[method].name),
    row('Bundle', ({ bundle }) => `${bundle.name} ${bundle.version} (${bundle.sha256.slice(0, 8)})`),
    row('Region', ({ input }) => formatBox(input.roi)),
    row('Tilt range', ({ wedge }) => `${wedge.tiltMin}° to ${wedge.tiltMax}°, ${wedge.source}`),
    row('Tilt axis, beam', ({ wedge }) => `${wedge.tiltAxis}, ${wedge.beamAxis}`),
    ...keys.map((key) => row(nameOf(key), ({ settings: of }) => textOf(of[key]))),
    row('Device', ({ device }) => device),
    row('Version', ({ version }) => version)
  ]
  const number = (value: number | null, digits: number): string => value?.toFixed(digits) ?? '–'
  const results = [
    row('Misfit per measured voxel', (run) => number(run.misfitPerMeasuredVoxel, 3)),
    row('ESS', ({ diagnostics }) => number(diagnostics.ess, 0)),
    row('R-hat', ({ diagnostics }) => number(diagnostics.rHat, 3)),
    row('Acceptance', ({ diagnostics }) => number(diagnostics.acceptance, 2)),
    row('Weight ESS', ({ diagnostics }) => number(diagnostics.weightEss, 1)),
    row('Objective', ({ diagnostics }) => diagnostics.objective?.toPrecision(6) ?? '–'),
    row('Time', ({ seconds }) => `${seconds < 100 ? seconds.toFixed(1) : seconds.toFixed(0)} s`),
    row('Begun', ({ startedAt }) => startedAt.replace('T', ' ').slice(0, 19)),
    row('Warnings', ({ warnings }) => warnings.map(({ code }) => code).join(', ') || 'none')
  ]
  return { settings, results: results.filter(({ values }) => values.some((value) => value !== '–')) }
}

const declared: readonly { key: string; label: string; symbol?: string }[] = settingDeclarations

function nameOf(key: string): string {
  const found = declared.find((setting) => setting.key === key)
  if (!found) return key
  return found.symbol ? `${found.label} ${found.symbol}` : found.label
}

function inDeclaredOrder(a: string, b: string): number {
  const rank = (key: string): number => declared.findIndex((setting) => setting.key === key) + 1 || 1000
  return rank(a) - rank(b) || a.localeCompare(b)
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '–'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'number') return String(Number(value.toPrecision(6)))
  if (typeof value === 'string') return value
  if (typeof value === 'object' && !Array.isArray(value))
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${textOf(inner)}`)
      .join(', ')
  return JSON.stringify(value)
}
