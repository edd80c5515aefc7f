import { beforeEach, expect, test } from 'vitest'
import type { VoxelFamily } from '../../shared/directions.ts'
import { testVolume } from '../stores/testVolume.ts'
import { showPlanes } from '../stores/layout.ts'
import { editOverlay, useOverlay } from '../stores/overlay.ts'
import { putVolume, showVolume, useVolumes } from '../stores/volumes.ts'
import { regionAround, showContinued } from './continueHere.ts'
import { distributionInWords, interval90, plotRange, stackedDots } from './distribution.ts'
import { changeSpeed, previewAt, previewQueryOf, useFamilyBench } from './familyStore.ts'

const voxel: VoxelFamily = {
  members: [8, 12, null, 11],
  mean: 10,
  sd: 2,
  wedgeShare: 0.68,
  map: 9.5,
  raw: 31,
  tempering: null
}

beforeEach(() => useFamilyBench.setState(useFamilyBench.getInitialState(), true))

test('the distribution says in words how far members differ, and how much of it the wedge leaves open', () => {
  expect(distributionInWords(voxel)).toBe(
    'Members spread by ± 2.000 grey values here (one SD); 68.0 % of the variance lies in the missing wedge: mostly what no tilt recorded.'
  )
  expect(distributionInWords({ ...voxel, wedgeShare: 0.1 })).toMatch(/10\.0 % .*: most of it is noise/)
  expect(distributionInWords({ ...voxel, members: [] })).toMatch(/No members were kept/)
  expect(distributionInWords({ ...voxel, members: [] }, true)).toMatch(/^Draws spread .*recorded\.$/)
  expect(distributionInWords({ ...voxel, wedgeShare: null })).toBe(
    'Members spread by ± 2.000 grey values here (one SD).'
  )
  expect(distributionInWords({ ...voxel, sd: null })).toMatch(/outside/)
})

test('the interval is a Gaussian’s, the plot holds everything that is marked', () => {
  const interval = interval90(voxel)
  expect(interval?.low).toBeCloseTo(10 - 2 * 1.644854, 5)
  expect(interval?.high).toBeCloseTo(10 + 2 * 1.644854, 5)
  const range = plotRange(voxel)
  expect(range && range.low < 6.72 && range.high > 31).toBe(true)
  const nothing = { ...voxel, members: [], mean: null, sd: null, map: null, raw: null }
  expect(plotRange(nothing)).toBeNull()
  const [a, b, c] = stackedDots([1, 1.01, 3], (value) => value * 100, 6)
  expect([a.level, b.level, c.level]).toEqual([0, 1, 0])
})

test('only maps that a temperature changes are asked for at another one', () => {
  const member = { ...testVolume('m'), role: 'member' as const, runId: 'run' }
  const state = () => useFamilyBench.getState()
  expect(previewQueryOf(state(), member)).toBe('')
  previewAt('run', 2.5)
  expect(previewQueryOf(state(), member)).toBe('&gamma=2.5')
  expect(previewQueryOf(state(), { ...member, role: 'mean' })).toBe('')
  expect(previewQueryOf(state(), { ...member, runId: 'other' })).toBe('')
  expect(previewQueryOf(state(), testVolume('t'))).toBe('')
  previewAt('run', null)
  expect(previewQueryOf(state(), member)).toBe('')
})

test('speeds go up and down within their limits', () => {
  for (let i = 0; i < 9; i++) changeSpeed(1)
  expect(useFamilyBench.getState().membersPerSecond).toBe(15)
  for (let i = 0; i < 9; i++) changeSpeed(-1)
  expect(useFamilyBench.getState().membersPerSecond).toBe(0.5)
})

test('chains are continued about the crosshair, inside the family’s region', () => {
  const within = { x: [10, 200], y: [5, 30], z: [40, 140] } satisfies Record<string, [number, number]>
  expect(regionAround({ x: 12, y: 20, z: 90 }, within)).toEqual({ x: [10, 58], y: [5, 30], z: [66, 114] })
  expect(regionAround({ x: 199, y: 20, z: 139 }, within)).toEqual({ x: [152, 200], y: [5, 30], z: [92, 140] })
})

test('a continued run’s maps take the family’s place on screen, or that of the tomogram where no family is', () => {
  useVolumes.setState(useVolumes.getInitialState(), true)
  useOverlay.setState(useOverlay.getInitialState(), true)
  showPlanes()
  const box = { x: [0, 4], y: [0, 4], z: [0, 4] } satisfies Record<string, [number, number]>
  const map = (id: string, role: 'mean' | 'std' | 'wedge-share', runId: string) =>
    putVolume({ ...testVolume(id), role, runId, region: { tomogram: 't', box } })
  putVolume(testVolume('t'))
  map('old-mean', 'mean', 'old')
  map('old-share', 'wedge-share', 'old')
  showVolume('old-mean')
  editOverlay('t', { volumeId: 'old-share' })
  previewAt('old', 3)
  expect(showContinued({ jobId: 'new', from: 'old' })).toBe(false)
  map('new-mean', 'mean', 'new')
  map('new-std', 'std', 'new')
  map('new-share', 'wedge-share', 'new')
  expect(showContinued({ jobId: 'new', from: 'old' })).toBe(true)
  expect(useVolumes.getState().base.t).toBe('new-mean')
  expect(useOverlay.getState().overlays.t.volumeId).toBe('new-share')
  expect(useFamilyBench.getState().preview).toEqual({})
  showVolume('t')
  expect(showContinued({ jobId: 'new', from: 'old' })).toBe(true)
  expect(useVolumes.getState().base.t).toBe('new-mean')
})
