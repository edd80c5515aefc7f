import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MrcError } from 'mrc-js'
import { expect, test } from 'vitest'
import { wholeBox } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { volumeInfoSchema } from '../../shared/volumes.ts'
import { memoryVolume } from './memory-volume.ts'
import { refused } from './mrc-volume.ts'
import { openVolume } from './open-volume.ts'
import { inFolder, memoryInfo, plainHeader, positions, realFile } from './test-volumes.ts'
import { sliceShape } from './volume.ts'
import { writeVolume } from './write-volume.ts'

const size = { x: 5, y: 7, z: 3 }

async function refusal(path: string): Promise<WedgeviewError> {
  const error: unknown = await openVolume(path).then(
    () => null,
    (thrown: unknown) => thrown
  )
  if (error instanceof WedgeviewError) return error
  throw new Error(`${path} was not refused`)
}

test.each([[[1, 2, 3]], [[3, 1, 2]], [[2, 1, 3]]])(
  'slices of a file with axis order %j lie as in memory',
  (axisOrder) =>
    inFolder(async (folder) => {
      const path = join(folder, 'positions.mrc')
      await writeVolume(path, positions(size), size, { ...plainHeader, axisOrder }, [])
      const file = await openVolume(path)
      const memory = memoryVolume(positions(size), memoryInfo(size))
      expect(file.info.axisOrder).toEqual(axisOrder)
      for (const plane of ['xy', 'xz', 'yz'] as const) {
        const slice = await file.readSlice(plane, 2)
        expect(slice).toEqual(await memory.readSlice(plane, 2))
        expect({ rows: slice.rows, columns: slice.columns }).toEqual(sliceShape(size, plane))
      }
      // xz: rows z, columns x, at y = 2; yz: rows z, columns y, at x = 2.
      expect((await file.readSlice('xz', 2)).data[1 * 5 + 4]).toBe(4 + 200 + 10000)
      expect((await file.readSlice('yz', 2)).data[1 * 7 + 6]).toBe(2 + 600 + 10000)
      const box = { x: [1, 3], y: [6, 7], z: [0, 2] } as const
      const copy = { x: [...box.x], y: [...box.y], z: [...box.z] } as Parameters<typeof file.readBox>[0]
      expect([...(await file.readBox(copy))]).toEqual([601, 602, 10601, 10602])
      await file.close()
    })
)

test('what is written keeps voxel size, origin, start, axis order and labels, with true statistics', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'kept.mrc')
    const header = {
      voxelSizeAngstrom: { x: 10.5, y: 10.5, z: 21 },
      origin: { x: -3, y: 4.5, z: 7 },
      start: { x: -2, y: 0, z: 5 },
      axisOrder: [3, 1, 2],
      labels: ['first']
    }
    const statistics = await writeVolume(path, positions(size), size, header, ['second'])
    const volume = await openVolume(path)
    expect(volume.info).toMatchObject({ ...header, labels: ['first', 'second'], size, mode: 2, dtype: 'float32' })
    expect(volumeInfoSchema.parse(volume.info)).toEqual(volume.info)
    // A sum of three independent uniform grids: the variance is the sum of theirs.
    const variance = (n: number): number => (n * n - 1) / 12
    const std = Math.sqrt(variance(5) + 1e4 * variance(7) + 1e8 * variance(3))
    expect(statistics).toMatchObject({ min: 0, max: 20604, mean: 10302, finite: 105 })
    expect(statistics.std).toBeCloseTo(std, 6)
    await volume.close()
  }))

test('a real subtomogram average opens with the facts EMDB gives for it', async () => {
  const volume = await openVolume(realFile('EMD-3197.map'))
  expect(volume.info.size).toEqual({ x: 20, y: 20, z: 20 })
  expect(volume.info.voxelSizeAngstrom?.x).toBeCloseTo(11.4, 4)
  expect(volume.info.start).toEqual({ x: -2, y: 0, z: 0 })
  expect(volume.info.tilt).toBeNull()
  expect((await volume.readBox(wholeBox(volume.info.size))).length).toBe(8000)
  await volume.close()
})

test('bad files are refused by name, with what to do', () =>
  inFolder(async (folder) => {
    const file = async (name: string, bytes: Uint8Array): Promise<string> => {
      await writeFile(join(folder, name), bytes)
      return join(folder, name)
    }
    const whole = await readFile(realFile('EMD-3197.map'))
    const cases: [string, string][] = [
      [join(folder, 'missing.mrc'), 'mrc-not-found'],
      [folder, 'mrc-is-directory'],
      [await file('empty.mrc', new Uint8Array(0)), 'mrc-empty'],
      [await file('text.mrc', Buffer.from('not a volume\n'.repeat(500))), 'not-mrc'],
      [await file('short.mrc', whole.subarray(0, 500)), 'not-mrc'],
      [await file('truncated.mrc', whole.subarray(0, 20000)), 'mrc-truncated'],
      [`${folder}/a\0b.mrc`, 'bad-path']
    ]
    for (const [path, code] of cases) {
      const error = await refusal(path)
      expect(error.code, path).toBe(code)
      expect(error.kind).toBe('input')
      expect(error.hint.length).toBeGreaterThan(10)
    }
  }))

test('errors of the machine are failures of the job, errors of the file are not', async () => {
  const fails = (code: 'not-readable' | 'disk-full'): Promise<never> => Promise.reject(new MrcError(code, 'what', 'do'))
  await expect(refused(fails('not-readable'))).rejects.toMatchObject({ kind: 'input', code: 'mrc-not-readable' })
  await expect(refused(fails('disk-full'))).rejects.toMatchObject({ kind: 'job', code: 'mrc-disk-full', hint: 'do' })
  await expect(refused(Promise.reject(new RangeError('other')))).rejects.toBeInstanceOf(RangeError)
})

test('slices and boxes outside the volume are refused', async () => {
  const volume = await openVolume(realFile('visfd_1d_example.rec'))
  await expect(volume.readSlice('xy', 1)).rejects.toMatchObject({ code: 'slice-outside', kind: 'input' })
  await expect(volume.readSlice('yz', -1)).rejects.toMatchObject({ code: 'slice-outside' })
  expect(await volume.readSlice('yz', 160)).toMatchObject({ rows: 1, columns: 1 })
  for (const x of [
    [0, 162],
    [-1, 3],
    [5, 5],
    [6, 5]
  ] as [number, number][]) {
    await expect(volume.readBox({ x, y: [0, 1], z: [0, 1] })).rejects.toMatchObject({ code: 'roi-outside' })
  }
  await volume.close()
})

test('an aborted read ends with the reason of its signal', async () => {
  const volume = await openVolume(realFile('EMD-3197.map'))
  await expect(volume.readSlice('xy', 3, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' })
  await volume.close()
})

test('a folder in the place of the file to write is refused and untouched', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'taken.mrc')
    await mkdir(path)
    await expect(writeVolume(path, positions(size), size, plainHeader, [])).rejects.toMatchObject({
      code: 'mrc-is-directory'
    })
  }))
