import { afterEach, expect, test, vi } from 'vitest'
import { parseBox } from '../../../shared/axes.ts'
import { readBlock, Refused } from './blockReader.ts'
import { floatsOf } from './codes.ts'

/** An engine with one volume, 64 x 32 x 5 voxels whose value is their section's number and a step along x. */
function engine(revisionOf: (request: number) => number) {
  const asked: string[] = []
  vi.stubGlobal('fetch', (url: string) => {
    asked.push(url)
    const box = parseBox(new URL(url).searchParams.get('box') ?? '')
    if (!box) return Promise.resolve(new Response('', { status: 400 }))
    const [x, y, z] = [box.x, box.y, box.z].map(([from, to]) => to - from)
    const values = Float32Array.from(
      { length: x * y * z },
      (_, i) => box.z[0] + Math.floor(i / (x * y)) + (i % x > 9 ? 8 : 0)
    )
    const headers = {
      'X-Size': `${x},${y},${z}`,
      'X-Box': new URL(url).searchParams.get('box') ?? '',
      'X-Revision': String(revisionOf(asked.length))
    }
    return Promise.resolve(new Response(values, { headers }))
  })
  return asked
}

const wish: Parameters<typeof readBlock>[0] = {
  path: 'http://engine/block',
  box: { x: [0, 64], y: [0, 32], z: [0, 5] },
  limit: 1 << 24,
  side: 2048,
  coded: true
}

afterEach(() => vi.unstubAllGlobals())

test('a large block is read slab by slab, and is one block', async () => {
  const asked = engine(() => 3)
  const shares: number[] = []
  const { voxels, size, bricks, facts, revision } = await readBlock(wish, (share) => shares.push(share), 4500)
  expect(asked.map((url) => new URL(url).searchParams.get('box'))).toEqual([
    '0:64,0:32,0:2',
    '0:64,0:32,2:4',
    '0:64,0:32,4:5'
  ])
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
  expect({ size, revision, min: facts.min, max: facts.max }).toEqual({
    size: { x: 64, y: 32, z: 5 },
    revision: 3,
    min: 0,
    max: 12
  })
  expect(voxels.codes).toEqual({ low: 0, step: 1 })
  const values = floatsOf(voxels)
  expect([values[0], values[9], values[10], values[4 * 64 * 32 + 10]]).toEqual([0, 0, 8, 12])
  // Sections 3 (a border) and 4; columns 0 to 4: in the texture's units, shares of 65535.
  const second = 2 * (bricks.fine.count.x * bricks.fine.count.y)
  expect(bricks.fine.extremes[second] * 65535).toBeCloseTo(3, 2)
  expect(bricks.fine.extremes[second + 1] * 65535).toBeCloseTo(4, 2)
})

test('a map that changes on the way is read anew', async () => {
  const asked = engine((request) => (request === 1 ? 1 : 2))
  expect((await readBlock(wish, () => undefined, 4500)).revision).toBe(2)
  expect(asked).toHaveLength(5)
})

test('a refusal is told as it came', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve(new Response('no', { status: 404 })))
  await expect(readBlock(wish, () => undefined, 4500)).rejects.toBeInstanceOf(Refused)
})
