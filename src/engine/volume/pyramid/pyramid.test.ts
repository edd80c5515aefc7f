import { mkdir, readdir, truncate, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Plane, XYZ } from '../../../shared/axes.ts'
import { fileIdentity } from '../file-identity.ts'
import { cutSlice } from '../memory-volume.ts'
import { openVolume } from '../open-volume.ts'
import type { ScanHooks } from '../scans/tasks.ts'
import { inFolder, plainHeader } from '../test-volumes.ts'
import type { Volume } from '../volume.ts'
import { writeVolume } from '../write-volume.ts'
import { SectionBinner } from './bin-sections.ts'
import { brickBytes, decodeBrick, encodeLayer } from './bricks.ts'
import { buildPyramid } from './build.ts'
import { PyramidCache } from './cache.ts'
import { levelSizes, newManifest, pyramidBytes } from './manifest.ts'
import { openPyramid } from './open.ts'

const hooks: ScanHooks = {
  signal: new AbortController().signal,
  onProgress: () => undefined,
  turn: async () => undefined
}

function random(count: number, seed: number): Float32Array {
  let state = seed
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return 1000 * (state / 2 ** 32) + 5e4
  })
}

/** Mean binning by 2 straight from its definition. */
function binned(data: Float32Array, size: XYZ): { data: Float32Array; size: XYZ } {
  const half = { x: Math.ceil(size.x / 2), y: Math.ceil(size.y / 2), z: Math.ceil(size.z / 2) }
  const out = new Float32Array(half.x * half.y * half.z)
  for (let z = 0, at = 0; z < half.z; z++)
    for (let y = 0; y < half.y; y++)
      for (let x = 0; x < half.x; x++, at++) {
        const values: number[] = []
        for (let dz = 0; dz < 2; dz++)
          for (let dy = 0; dy < 2; dy++)
            for (let dx = 0; dx < 2; dx++) {
              const [fx, fy, fz] = [2 * x + dx, 2 * y + dy, 2 * z + dz]
              if (fx >= size.x || fy >= size.y || fz >= size.z) continue
              const value = data[(fz * size.y + fy) * size.x + fx]
              if (Number.isFinite(value)) values.push(value)
            }
        out[at] = values.reduce((sum, value) => sum + value, 0) / values.length
      }
  return { data: out, size: half }
}

async function binnedBySections(data: Float32Array, { x, y, z }: XYZ): Promise<Float32Array> {
  const sections: Float32Array[] = []
  const binner = new SectionBinner(x, y, async (section) => void sections.push(section.slice()))
  for (let i = 0; i < z; i++) await binner.push(data.subarray(i * x * y, (i + 1) * x * y))
  await binner.finish()
  return Float32Array.from(sections.flatMap((section) => [...section]))
}

test.each([
  { x: 8, y: 6, z: 4 },
  { x: 7, y: 5, z: 3 },
  { x: 1, y: 9, z: 2 },
  { x: 5, y: 1, z: 1 },
  { x: 161, y: 1, z: 1 }
])('binning section by section is the mean of what is there: %j', async (size) => {
  const data = random(size.x * size.y * size.z, 3)
  expect(await binnedBySections(data, size)).toEqual(binned(data, size).data)
  data.fill(Number.NaN, 0, Math.min(4, data.length))
  data[data.length - 1] = Number.POSITIVE_INFINITY
  expect(await binnedBySections(data, size)).toEqual(binned(data, size).data)
})

test('a brick keeps each value to a 65534th of its range, and what is no number', () => {
  const [columns, rows, sections] = [33, 5, 3]
  const slab = random(columns * rows * sections, 9)
  slab[7] = Number.NaN
  const bytes = encodeLayer(slab, columns, rows, sections)
  expect(bytes.length).toBe(2 * brickBytes)
  const out = new Float32Array(slab.length)
  const steps = { x: 1, y: columns, z: columns * rows }
  const part = { y: [0, rows], z: [0, sections] } as const
  decodeBrick(bytes, 0, { x: [0, 32], ...part }, out, 0, steps)
  decodeBrick(bytes, brickBytes, { x: [0, 1], ...part }, out, 32, steps)
  expect(out[7]).toBeNaN()
  out.forEach((value, i) => i !== 7 && expect(Math.abs(value - slab[i])).toBeLessThan(1000 / 65534))
  // A constant brick is exact, wherever it lies.
  const constant = encodeLayer(new Float32Array(32 * 32).fill(-1.5e30), 32, 32, 1)
  decodeBrick(constant, 0, { x: [0, 32], y: [0, 32], z: [0, 1] }, out, 0, { x: 1, y: 1, z: 1 })
  expect(out[0]).toBe(Math.fround(-1.5e30))
})

async function onDisk(folder: string, size: XYZ): Promise<{ volume: Volume; data: Float32Array; identity: string }> {
  const path = join(folder, 'a.mrc')
  const data = random(size.x * size.y * size.z, 5)
  await writeVolume(path, data, size, plainHeader, [])
  return { volume: await openVolume(path), data, identity: String(await fileIdentity(path)) }
}

test('every slice of every level is the binned volume', () =>
  inFolder(async (folder) => {
    const size = { x: 300, y: 75, z: 41 }
    const { volume, data, identity } = await onDisk(folder, size)
    const target = join(folder, 'pyramid')
    const fractions: number[] = []
    await buildPyramid(volume, { folder: target, identity }, { ...hooks, onProgress: (f) => void fractions.push(f) })
    expect(fractions).toHaveLength(41)
    expect(fractions.at(-1)).toBe(1)
    const pyramid = await openPyramid(target)
    if (!pyramid) throw new Error('no pyramid')
    expect(pyramid.levels.map((level) => level.size)).toEqual(levelSizes(size))
    expect(pyramid.levels.at(-1)?.size).toEqual({ x: 75, y: 19, z: 11 })
    let expected = { data, size: size as XYZ }
    for (const level of pyramid.levels) {
      expected = binned(expected.data, expected.size)
      expect(level.size).toEqual(expected.size)
      for (const plane of ['xy', 'xz', 'yz'] satisfies Plane[]) {
        const count = { xy: level.size.z, xz: level.size.y, yz: level.size.x }[plane]
        for (const index of [0, 3, 8, count - 1]) {
          const slice = await level.readSlice(plane, index)
          const whole = cutSlice(expected.data, expected.size, plane, index)
          const worst = slice.data.reduce((most, value, i) => Math.max(most, Math.abs(value - whole[i])), 0)
          expect(worst).toBeLessThan(1000 / 65534)
        }
      }
    }
    await pyramid.close()
    await volume.close()
    const names = await readdir(target)
    expect(names.sort()).toEqual(['level-1.bricks', 'level-2.bricks', 'pyramid.json'])
  }))

test('a file that changes, a cancel and a damaged pyramid leave nothing to be used', () =>
  inFolder(async (folder) => {
    const { volume, identity } = await onDisk(folder, { x: 200, y: 20, z: 30 })
    const target = join(folder, 'pyramid')
    const changed = buildPyramid(volume, { folder: target, identity: 'of before' }, hooks)
    await expect(changed).rejects.toMatchObject({ kind: 'job', code: 'file-changed' })
    const controller = new AbortController()
    const onProgress = (): void => controller.abort()
    const cancelled = buildPyramid(
      volume,
      { folder: target, identity },
      { ...hooks, signal: controller.signal, onProgress }
    )
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
    expect((await readdir(folder)).sort()).toEqual(['a.mrc'])

    await buildPyramid(volume, { folder: target, identity }, hooks)
    // Made a second time, by another window: the first stays.
    await buildPyramid(volume, { folder: target, identity }, hooks)
    expect((await readdir(folder)).sort()).toEqual(['a.mrc', 'pyramid'])
    await truncate(join(target, 'level-1.bricks'), 100)
    expect(await openPyramid(target)).toBeNull()
    expect(await openPyramid(join(folder, 'none'))).toBeNull()
    const elsewhere = join(folder, 'a.mrc', 'pyramid')
    await expect(buildPyramid(volume, { folder: elsewhere, identity }, hooks)).rejects.toMatchObject({
      code: 'pyramid-not-written'
    })
    await volume.close()
  }))

test('the cache keeps to its limit: the least recently used goes first, what is in use stays', () =>
  inFolder(async (folder) => {
    const size = { x: 200, y: 20, z: 30 }
    const bytes = pyramidBytes(size)
    const cache = new PyramidCache({ folder: join(folder, 'cache'), limitBytes: 3.5 * bytes })
    const { volume, identity } = await onDisk(folder, size)
    const folders: string[] = []
    for (let i = 0; i < 3; i++) {
      const path = join(folder, `${i}.mrc`)
      const own = cache.folderOf(path, 'then')
      await cache.makeRoom(path, bytes, new Set())
      await buildPyramid(volume, { folder: own, identity }, hooks)
      // The manifest names the file; here each pyramid stands for another one.
      await writeFile(join(own, 'pyramid.json'), JSON.stringify(newManifest(path, 'then', size)))
      await utimes(join(own, 'pyramid.json'), new Date(), new Date(Date.now() - (10 - i) * 60_000))
      folders.push(own)
    }
    const stale = join(folder, 'cache', 'pyramids', 'x.partial-1-1')
    await mkdir(stale)
    await utimes(stale, new Date(0), new Date(0))
    // Opening counts as use: now 1 is the oldest.
    await (await openPyramid(folders[0]))?.close()
    await cache.makeRoom(join(folder, 'new.mrc'), bytes, new Set())
    expect(await exists(folders)).toEqual([true, false, true])
    await cache.makeRoom(join(folder, 'new.mrc'), 3 * bytes, new Set([folders[0]]))
    expect(await exists(folders)).toEqual([true, false, false])
    // Another state of the same file makes the earlier one worthless.
    await cache.makeRoom(join(folder, '0.mrc'), bytes, new Set())
    expect(await readdir(join(folder, 'cache', 'pyramids'))).toEqual([])
    await volume.close()
  }))

async function exists(folders: readonly string[]): Promise<boolean[]> {
  return Promise.all(
    folders.map((folder) =>
      readdir(folder).then(
        () => true,
        () => false
      )
    )
  )
}
