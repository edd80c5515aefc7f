import { expect, test } from 'vitest'
import type { RunDiagnostics } from '../../shared/run-diagnostics.ts'
import type { RunRecord } from '../../shared/runs.ts'
import { verdictsOf } from './verdicts.ts'

const record: RunRecord = {
  program: 'wedgeview',
  version: '0.1.0',
  method: 'cryowgen-2',
  input: { path: '/t.mrc', sha256: '', size: { x: 1, y: 1, z: 1 }, roi: { x: [0, 1], y: [0, 1], z: [0, 1] } },
  bundle: { name: 'gaussian', version: '1', sha256: '' },
  wedge: {
    tiltAxis: 'y',
    beamAxis: 'z',
    tiltMin: -60,
    tiltMax: 60,
    edgeSoftness: 0,
    lowPass: null,
    source: 'given',
    measuredFraction: 0.67
  },
  settings: { chains: 4, mala: false },
  chosen: [],
  device: 'cpu',
  tiles: 1,
  seconds: 1,
  misfitPerMeasuredVoxel: 1,
  diagnostics: { ess: 200, rHat: 1.004, acceptance: null, objective: null, weightEss: null },
  partial: false,
  warnings: [],
  startedAt: '',
  versions: {}
}
const trace: RunDiagnostics['trace'] = { potential: [], misfit: [], expectedBias: 0 }
const marks = (edit: Partial<RunRecord>, of: Partial<RunDiagnostics['trace']> = {}): Record<string, string> =>
  Object.fromEntries(
    verdictsOf({ ...record, ...edit }, { trace: { ...trace, ...of } }).map(({ about, mark, value }) => [
      about,
      `${mark} ${value}`
    ])
  )

test('a family that mixed and fits is well in every respect', () => {
  expect(marks({})).toEqual({ data: 'ok misfit 1.00', chains: 'ok R-hat 1.004', draws: 'ok ESS 200', bias: 'ok 0.0 %' })
})

test('each fault has its own words, its mark and something to do', () => {
  const diagnostics = { ...record.diagnostics, rHat: 1.2, ess: 12 }
  expect(marks({ diagnostics, misfitPerMeasuredVoxel: 1.7, partial: true }, { expectedBias: 0.053 })).toEqual({
    completeness: 'caution partial',
    data: 'bad misfit 1.70',
    chains: 'bad R-hat 1.200',
    draws: 'bad ESS 12',
    bias: 'caution 5.3 %'
  })
  for (const verdict of verdictsOf(
    { ...record, diagnostics, misfitPerMeasuredVoxel: 0.3 },
    { trace: { ...trace, diverged: [2] } }
  ))
    expect(verdict.advice === null).toBe(verdict.mark === 'ok')
  expect(marks({}, { diverged: [2] }).chains).toBe('bad 1 of 4')
})

test('SD error follows from the number of independent draws', () => {
  const diagnostics = { ...record.diagnostics, ess: 32 }
  const draws = verdictsOf({ ...record, diagnostics }, null).find(({ about }) => about === 'draws')
  expect(draws?.sentence).toContain('± 13 %')
})

test('methods are judged by what applies to them', () => {
  expect(Object.keys(marks({ method: 'cryogen-1' }))).toEqual(['data', 'optimum'])
  expect(Object.keys(marks({ method: 'cryogen-2' }))).toEqual(['data'])
  const weighted = { ...record.diagnostics, weightEss: 1.3 }
  expect(marks({ method: 'cryowgen-1', settings: { candidates: 64 }, diagnostics: weighted })).toEqual({
    data: 'ok misfit 1.00',
    draws: 'bad weight ESS 1.3'
  })
  // A MAP's residuals are a little less than the noise; a family's are not.
  expect(marks({ method: 'cryogen-1', misfitPerMeasuredVoxel: 0.7 }).data).toBe('ok misfit 0.70')
  expect(marks({ misfitPerMeasuredVoxel: 0.7 }).data).toBe('caution misfit 0.70')
  expect(Object.keys(marks({ settings: { sampler: 'split-gibbs', chains: 4 } }))).toEqual(['data', 'draws'])
})

test('a run of an earlier version is judged by its warnings', () => {
  const warnings = [{ code: 'step-bias', message: 'A step bias expected of 5.3 % in the variance.' }]
  const bias = verdictsOf({ ...record, warnings }, null).find(({ about }) => about === 'bias')
  expect(bias).toMatchObject({ mark: 'caution', value: '5.3 %' })
})

test('chains of one draw each are independent, and as many draws as there are chains', () => {
  const diagnostics = { ...record.diagnostics, rHat: null, ess: null }
  const settings = { chains: 8, mala: false, steps: 45, burnIn: 40, thin: 5 }
  expect(marks({ diagnostics, settings })).toMatchObject({ chains: 'caution 8 chains', draws: 'caution 8 draws' })
  const said = verdictsOf({ ...record, diagnostics, settings }, { trace }).map(({ sentence }) => sentence)
  // 1 / sqrt(2 (8 - 1)) = 0.267: the relative standard error of an SD from eight Gaussian draws.
  expect(said.join(' ')).toContain('± 27 %')
  expect(marks({ diagnostics, settings: { ...settings, steps: 50 } })).toMatchObject({
    chains: 'caution R-hat –',
    draws: 'caution ESS –'
  })
})
