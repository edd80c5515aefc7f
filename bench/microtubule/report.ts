import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openMrc } from 'mrc-js'
import { fromRoot } from '../../project-paths.ts'
import { run } from '../../src/cli/program.ts'
import type { CliIo } from '../../src/cli/io.ts'
import type { SpawnRunner } from '../../src/engine/runner/port.ts'
import { runnerFromSource } from '../../src/engine/runner/testing/build-runner.ts'
import { expectedPosterior, type ExpectedPosterior } from '../../src/engine/runner/testing/expected-posterior.ts'
import { formatBox } from '../../src/shared/axes.ts'
import { methodIds, methods, type MethodId } from '../../src/shared/methods.ts'
import { runRecordSchema, type RunRecord } from '../../src/shared/runs.ts'

export interface Measured {
  records: Record<MethodId, RunRecord>
  /** Volume means of CryoWGEN-II's variance maps, in grey values squared. */
  variance: number
  wedgeVariance: number
  measuredVariance: number
  /** Relative root-mean-square difference of CryoGEN-I's map from the closed form's mean, in posterior SDs. */
  mapError: number
  expected: ExpectedPosterior
}

/** Runs the four methods on the shipped microtubule through the command line. `roi` as the flag takes it; null = all of it. */
export async function measureMicrotubule(roi: string | null, say: (text: string) => void): Promise<Measured> {
  const folder = await mkdtemp(join(tmpdir(), 'wedgeview-microtubule-'))
  try {
    const records = await runMethods(folder, roi, say)
    const expected = await expectedPosterior(records['cryowgen-2'])
    const family = (file: string): Promise<number> => meanOf(join(folder, 'runs', 'cryowgen-2', file))
    return {
      records,
      variance: await family('variance.mrc'),
      wedgeVariance: await family('wedge-variance.mrc'),
      measuredVariance: await family('measured-variance.mrc'),
      mapError: await mapError(join(folder, 'runs', 'cryogen-1', 'map.mrc'), records['cryogen-1'], expected),
      expected
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runMethods(
  folder: string,
  roi: string | null,
  say: (text: string) => void
): Promise<Record<MethodId, RunRecord>> {
  let document = ''
  const io: CliIo & { spawnRunner: SpawnRunner } = {
    stdout: (text) => (document += text),
    stderr: say,
    isTerminal: false,
    env: {},
    workingDirectory: folder,
    interrupted: new AbortController().signal,
    spawnRunner: await runnerFromSource()
  }
  const argv = ['reconstruct', fromRoot('./resources/samples/microtubule-13pf.mrc'), '--out', 'runs', '--json']
  argv.push('--bundle', fromRoot('./resources/bundles/gaussian'), '--method', methodIds.join(','))
  argv.push('--tilt-range', '-60:60', '--members', '4', '--seed', '1')
  if (roi) argv.push('--roi', roi)
  const code = await run(argv, io)
  if (code !== 0) throw new Error(`wedgeview reconstruct ended with code ${code}.`)
  const [first, second, third, fourth] = runRecordSchema.array().length(4).parse(JSON.parse(document))
  return { 'cryogen-1': first, 'cryogen-2': second, 'cryowgen-1': third, 'cryowgen-2': fourth }
}

async function readMap(path: string): Promise<Float32Array> {
  const map = await openMrc(path)
  const { x, y, z } = map.size
  const values = await map.readBox({ x: [0, x], y: [0, y], z: [0, z] })
  await map.close()
  return values
}

async function meanOf(path: string): Promise<number> {
  const values = await readMap(path)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

async function mapError(path: string, record: RunRecord, expected: ExpectedPosterior): Promise<number> {
  const map = await readMap(path)
  const { mean } = record.settings.normalization as { mean: number }
  const squares = map.reduce((sum, value, i) => sum + ((value - mean) / expected.greyStd - expected.mean[i]) ** 2, 0)
  return Math.sqrt(squares / map.length / expected.variance)
}

/** docs/microtubule.md. */
export function microtubuleDocument({ records, expected, mapError, ...measured }: Measured): string {
  const family = records['cryowgen-2']
  const { measuredFraction: fraction } = family.wedge
  const step = Number(family.settings.step)
  const grey = expected.greyStd ** 2
  const row = (name: string, variance: number, closedForm: number, share: number): string => {
    const [exact, found] = [closedForm * grey, variance].map((value) => Math.sqrt(value / share))
    return `| ${name} | ${exact.toFixed(2)} | ${found.toFixed(2)} | ${(found / exact).toFixed(3)} |`
  }
  const ratio = (wedge: number, outside: number): string =>
    Math.sqrt((wedge * fraction) / (outside * (1 - fraction))).toFixed(3)
  const { x, y, z } = family.input.size
  const mapMisfit = expected.misfit.mean.toFixed(3)
  const misfits: Record<MethodId, string> = {
    'cryogen-1': mapMisfit,
    'cryogen-2': mapMisfit,
    'cryowgen-1': 'none for so few effective draws',
    'cryowgen-2': expected.misfit.family.toFixed(3)
  }
  const rows = methodIds.map((method) => {
    const { misfitPerMeasuredVoxel: misfit } = records[method]
    return `| ${methods[method].name} | ${misfit.toFixed(3)} | ${misfits[method]} |`
  })
  const { ess, rHat } = family.diagnostics
  const warnings = methodIds.flatMap((method) =>
    records[method].warnings.map(({ message }) => `- ${methods[method].name}: ${message}`)
  )
  const shown = (value: unknown): string => String(value)
  return `# The four methods on a real microtubule

Written by \`node scripts/microtubule-report.mjs\`; don't edit. Input: the shipped sample (13-protofilament microtubule, ${x} x ${y} x ${z}
voxels of 10.52 Å, tilt axis y, beam z, -60 to 60 degrees) and its gaussian bundle; region ${formatBox(family.input.roi)}, of which
${(100 * fraction).toFixed(1)} % of the frequencies are measured. Every number was measured by running the program on ${family.device}, or computed in closed form from the tomogram and the settings alone (method.md 8.1): the networks, the sampler and the run's maps have no part
in it.

## Is the family as wide as it should be?

CryoWGEN-II as the bundle has it: ${shown(family.settings.chains)} chains of ${shown(family.settings.steps)} steps, burn-in ${shown(family.settings.burnIn)}, thinning ${shown(family.settings.thin)}, Fourier preconditioner, step ${step},
integrator ${shown(family.settings.integrator)}, which has no step bias for this posterior; effective sample size ${ess?.toFixed(0) ?? 'unknown'},
R-hat ${rHat?.toFixed(3) ?? 'unknown'}. The variance of n independent draws about their own mean is 1 / n too small on average.

Posterior SD in grey values, the square root of the maps' mean variance. "Per frequency" divides by the share of frequencies that
the part has, so that wedge and measured region can be compared: it is the SD a voxel would have if every frequency were of that
kind.

| SD | closed form | measured | measured / closed form |
|---|---|---|---|
${row('whole', measured.variance, expected.variance, 1)}
${row('inside the missing wedge', measured.wedgeVariance, expected.wedgeVariance, 1)}
${row('outside (measured region)', measured.measuredVariance, expected.measuredVariance, 1)}
${row('inside, per frequency', measured.wedgeVariance, expected.wedgeVariance, 1 - fraction)}
${row('outside, per frequency', measured.measuredVariance, expected.measuredVariance, fraction)}

Per frequency, the SD inside the wedge is **${ratio(measured.wedgeVariance, measured.measuredVariance)} times** that outside; the closed form says **${ratio(expected.wedgeVariance, expected.measuredVariance)} times**.

## Do the reconstructions fit the data?

Misfit lambda |T_M(y - x)|^2 per measured voxel, which is 1 for the truth.

| method | misfit | closed form |
|---|---|---|
${rows.join('\n')}

CryoGEN-I's map differs from the closed form's mean by ${(100 * mapError).toFixed(2)} % of the posterior SD (root mean square). The two CryoWGEN misfits are
means over the family: each member adds its own spread to the misfit of the mean.
CryoWGEN-I's candidates are drawn around the encoder's answer with one precision for all frequencies; in this many dimensions its
weights rest on very few of them (effective sample size ${records['cryowgen-1'].diagnostics.weightEss?.toFixed(1) ?? 'unknown'} of ${shown(records['cryowgen-1'].settings.candidates)}), which it reports. Its maps are coarse; CryoWGEN-II is the
one to use for the family.

## Warnings the runs gave

${warnings.length > 0 ? warnings.join('\n') : 'None.'}
`
}

/** Measures and writes the document. Returns its path. */
export async function writeReport(roi: string | null, say: (text: string) => void): Promise<string> {
  const path = fromRoot('./docs/microtubule.md')
  const text = microtubuleDocument(await measureMicrotubule(roi, say))
  const before = await readFile(path, 'utf8').catch(() => '')
  if (text !== before) await writeFile(path, text)
  return path
}
