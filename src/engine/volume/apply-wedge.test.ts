import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { toZYX, wholeBox } from '../../shared/axes.ts'
import { defaultWedge } from '../../shared/wedge.ts'
import { testNoise } from '../fourier/fixtures/noise.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { applyWedge } from './apply-wedge.ts'
import { memoryVolume } from './memory-volume.ts'
import { openVolume } from './open-volume.ts'
import { inFolder, memoryInfo } from './test-volumes.ts'

const size = { x: 17, y: 12, z: 14 }
const data = Float32Array.from(testNoise(17 * 12 * 14, 8))
const volume = memoryVolume(data, memoryInfo(size))

test.each([
  ['y', 'z'],
  ['x', 'z'],
  ['z', 'y']
] as const)('slab by slab T_M is that of the whole volume: tilt axis %s, beam %s', (tiltAxis, beamAxis) =>
  inFolder(async (folder) => {
    const wedge = { ...defaultWedge, tiltAxis, beamAxis, tiltMin: -47, tiltMax: 58 }
    const expected = createWedgeOperator(wedge, toZYX(size)).apply(data)
    // Slabs of 5, of 1, and all at once.
    for (const slabVoxels of [5 * 17 * 14, 1, 1e6]) {
      const out = join(folder, `${slabVoxels}.mrc`)
      const fractions: number[] = []
      const onProgress = (fraction: number): void => void fractions.push(fraction)
      const { finite } = await applyWedge(volume, wedge, out, 'T_M', { slabVoxels, onProgress })
      expect(finite).toBe(data.length)
      expect(fractions.at(-1)).toBeCloseTo(1, 9)
      const written = await openVolume(out)
      const values = await written.readBox(wholeBox(size))
      // Planes are transformed in pairs, and which ones are paired differs between slabs.
      expect(values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0)).toBeLessThan(1e-6)
      await written.close()
    }
    expect((await readdir(folder)).length).toBe(3)
  })
)

test('voxels that are no numbers don’t spread, and a stop leaves nothing', () =>
  inFolder(async (folder) => {
    const gaps = data.slice().fill(Number.NaN, 40, 60)
    const out = join(folder, 'out.mrc')
    const filled = memoryVolume(gaps, memoryInfo(size))
    expect((await applyWedge(filled, defaultWedge, out, 'T_M')).finite).toBe(data.length)
    const controller = new AbortController()
    const stopped = applyWedge(volume, defaultWedge, join(folder, 'b.mrc'), 'T_M', {
      signal: controller.signal,
      slabVoxels: 1,
      onProgress: (fraction) => fraction > 0.9 && controller.abort()
    })
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' })
    await writeFile(join(folder, 'file'), '')
    const nowhere = applyWedge(volume, defaultWedge, join(folder, 'file', 'c.mrc'), 'T_M')
    await expect(nowhere).rejects.toMatchObject({ kind: 'job', code: 'mrc-write-failed' })
    expect((await readdir(folder)).sort()).toEqual(['file', 'out.mrc'])
  }))
