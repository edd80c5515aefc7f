import { expect, test } from 'vitest'
import { defaultOverlay } from '../stores/overlay.ts'
import { testVolume } from '../stores/testVolume.ts'
import { runMapsOf, snrOf } from './voxelMaps.ts'

const tomogram = testVolume('t')
const map = (id: string, role: 'std' | 'mean' | 'wedge-share' | 'map', runId: string) =>
  testVolume(id, { role, runId, region: { tomogram: 't', box: { x: [0, 9], y: [0, 9], z: [0, 9] } } })

const volumes = [
  tomogram,
  map('mean1', 'mean', 'r1'),
  map('std1', 'std', 'r1'),
  map('share1', 'wedge-share', 'r1'),
  map('map2', 'map', 'r2'),
  map('mean3', 'mean', 'r3'),
  map('std3', 'std', 'r3')
]
const byId = (id: string) => volumes.find((volume) => volume.id === id) ?? tomogram
const stdOf = (base: string, over: string | null = null) => {
  const overlay = over === null ? null : { volume: byId(over), settings: defaultOverlay }
  return runMapsOf({ base: byId(base), overlay, tomogram }, volumes)?.std.id ?? null
}

test('the read-out is of the run shown, else of the overlay’s, else of the latest that has an SD', () => {
  expect(stdOf('mean1')).toBe('std1')
  expect(stdOf('map2', 'std1')).toBe('std1')
  expect(stdOf('map2')).toBe('std3')
  expect(stdOf('t')).toBe('std3')
  expect(runMapsOf({ base: tomogram, overlay: null, tomogram }, [tomogram])).toBeNull()
  expect(runMapsOf({ base: byId('mean1'), overlay: null, tomogram }, volumes)?.wedgeShare?.id).toBe('share1')
})

test('SNR is the distance of the mean from the background in SDs', () => {
  expect(snrOf(130, 10, 100)).toBe(3)
  expect(snrOf(70, 10, 100)).toBe(3)
  expect(snrOf(130, 0, 100)).toBeNull()
  expect(snrOf(null, 10, 100)).toBeNull()
  expect(snrOf(130, 10, null)).toBeNull()
})
