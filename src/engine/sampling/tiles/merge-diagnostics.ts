import type { RunRecord, Warning } from '../../../shared/runs.ts'
import type { GroupDiagnostics } from '../../posterior/probes.ts'
import type { Trace } from '../problem.ts'

type Diagnostics = RunRecord['diagnostics']

/**
 * Diagnostics of a region from those of its tiles: the worst effective sizes and R-hat, the mean acceptance. The objective is a sum over
 * voxels, so each tile's counts in the proportion `inside` of its box that is not halo.
 */
export function mergeDiagnostics(tiles: readonly Diagnostics[], inside: readonly number[]): Diagnostics {
  const known = (pick: (tile: Diagnostics) => number | null): number[] =>
    tiles.map(pick).filter((value) => value !== null)
  const over = (values: readonly number[], merge: (values: readonly number[]) => number): number | null =>
    values.length > 0 ? merge(values) : null
  const objectives = tiles.map(({ objective }) => objective)
  return {
    ess: over(
      known(({ ess }) => ess),
      smallest
    ),
    rHat: over(
      known(({ rHat }) => rHat),
      largest
    ),
    acceptance: over(
      known(({ acceptance }) => acceptance),
      average
    ),
    objective: objectives.every((value) => value !== null)
      ? objectives.reduce((sum, value, i) => sum + inside[i] * value, 0)
      : null,
    weightEss: over(
      known(({ weightEss }) => weightEss),
      smallest
    )
  }
}

/**
 * Potentials add up over tiles (their halos count twice); misfits are averaged as `weighted` says. A tile that was ready sooner
 * stays at its last value. Free energies of boxes that overlap don't add up, and are left out.
 */
export function mergeTraces(traces: readonly Trace[], weighted: (values: readonly number[]) => number): Trace {
  const along = (
    pick: (trace: Trace) => readonly number[] | undefined,
    merge: (values: readonly number[]) => number
  ): number[] => {
    const rows = traces.map((trace) => pick(trace) ?? [])
    const length = largest(rows.map((row) => row.length))
    if (rows.some((row) => row.length === 0)) return []
    return Array.from({ length }, (_, i) => merge(rows.map((row) => row[Math.min(i, row.length - 1)])))
  }
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0)
  const diverged = [...new Set(traces.flatMap((trace) => trace.diverged ?? []))].sort((a, b) => a - b)
  const chains = mergeChains(traces.map((trace) => trace.chainPotentials ?? []))
  const biases = traces.map(({ expectedBias }) => expectedBias).filter((bias) => bias !== undefined)
  const groups = mergeGroups(traces.map((trace) => trace.groups ?? []))
  return {
    potential: along(({ potential }) => potential, sum),
    misfit: along(({ misfit }) => misfit, weighted),
    ...(traces[0].acceptance && { acceptance: along(({ acceptance }) => acceptance, average) }),
    ...(traces[0].steps && { steps: along(({ steps }) => steps, average) }),
    ...(chains.length > 0 && { chainPotentials: chains }),
    ...(biases.length > 0 && { expectedBias: largest(biases) }),
    ...(groups.length > 0 && { groups }),
    ...(diverged.length > 0 && { diverged })
  }
}

/** Chain by chain and step by step the sum over tiles; null where the chain diverged in any of them. */
function mergeChains(tiles: readonly (readonly (number | null)[][])[]): (number | null)[][] {
  const chains = Math.min(...tiles.map((tile) => tile.length))
  return Array.from({ length: chains }, (_, chain) => {
    const rows = tiles.map((tile) => tile[chain])
    return Array.from({ length: largest(rows.map((row) => row.length)) }, (_, step) =>
      rows.reduce<number | null>((sum, row) => {
        const value = row[Math.min(step, row.length - 1)] ?? null
        return sum === null || value === null ? null : sum + value
      }, 0)
    )
  })
}

function mergeGroups(tiles: readonly (readonly GroupDiagnostics[])[]): GroupDiagnostics[] {
  const all = tiles.flat()
  return [...new Set(all.map(({ group }) => group))].map((group) => {
    const same = all.filter((each) => each.group === group)
    return {
      group,
      ess: smallest(same.map(({ ess }) => ess)),
      rHat: largest(same.map(({ rHat }) => rHat)),
      worstEss: smallest(same.map(({ worstEss }) => worstEss)),
      worstRHat: largest(same.map(({ worstRHat }) => worstRHat))
    }
  })
}

/** Each kind of warning once, with the number of tiles that gave it. */
export function mergeWarnings(tiles: readonly (readonly Warning[])[], count: number): Warning[] {
  const codes = [...new Set(tiles.flat().map(({ code }) => code))]
  return codes.map((code) => {
    const same = tiles.flatMap((warnings) => warnings.filter((warning) => warning.code === code).slice(0, 1))
    return { code, message: `In ${same.length} of ${count} tiles: ${same[0].message}` }
  })
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity)
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), -Infinity)
}

function average(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0) / values.length
}
