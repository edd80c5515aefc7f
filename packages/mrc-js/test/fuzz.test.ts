import { describe, expect, it } from 'vitest'
import { bufferSource, MrcError, openMrc } from '../src/index.ts'
import type { ByteSource } from '../src/index.ts'
import { fileBytes, plainHeader } from './build-mrc.ts'

const runs = 100_000
const fileLength = 4096

/** A small generator with a fixed seed (xorshift32), so that a failure can be repeated. */
function generator(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

const interesting = [
  0,
  1,
  2,
  3,
  4,
  6,
  12,
  16,
  101,
  127,
  128,
  255,
  256,
  1024,
  32767,
  65536,
  2 ** 24,
  2 ** 31 - 1,
  -1,
  -(2 ** 31)
]

describe('fuzzing', () => {
  it(`survives ${runs} mutated headers: an MrcError or a file whose every read stays inside what is there`, async () => {
    const next = generator(20261120)
    const originals = ([0, 1, 2, 3, 4, 6, 12, 16, 101] as const).flatMap((mode) =>
      (['little', 'big'] as const).map((byteOrder) =>
        fileBytes(
          plainHeader(9, 7, 5, mode, byteOrder),
          new Uint8Array(fileLength - 1024).map((_, i) => i * 31),
          {
            byteOrder
          }
        )
      )
    )
    const bytes = new Uint8Array(fileLength)
    const view = new DataView(bytes.buffer)
    const outcomes = new Map<string, number>()
    let largest = 0
    let asked = 0
    const inner = bufferSource(bytes, 'fuzz.mrc')
    // Every allocation for reading is the length of a request.
    const source: ByteSource = {
      size: inner.size,
      name: inner.name,
      async read(offset, length) {
        asked = Math.max(asked, Math.min(length, fileLength - offset))
        return inner.read(offset, length)
      },
      async readInto(target, offset) {
        asked = Math.max(asked, target.length)
        return inner.readInto ? inner.readInto(target, offset) : 0
      },
      async close() {}
    }
    for (let run = 0; run < runs; run++) {
      bytes.set(originals[next(originals.length)])
      for (let changes = 1 + next(6); changes > 0; changes--) {
        const kind = next(4)
        if (kind === 0) bytes[next(1024)] = next(256)
        else if (kind === 1) bytes[next(256)] ^= 1 << next(8)
        else view.setInt32(4 * next(kind === 2 ? 56 : 25), interesting[next(interesting.length)], next(2) === 0)
      }
      try {
        const file = await openMrc(source, { truncated: next(2) === 0 ? 'read' : 'refuse', strict: next(8) === 0 })
        const { x, y, z } = file.size
        const slice = await file.readSlice(['xy', 'xz', 'yz'][next(3)] as 'xy', 0)
        largest = Math.max(largest, slice.length)
        const statistics = await file.statistics()
        if (!(statistics.finite <= x * y * z)) throw new Error('more voxels than there are')
        await file.readSectionMetadata()
        await file.readSymmetryOperators()
        const voxel = file.voxelSizeAngstrom
        if (voxel && ![voxel.x, voxel.y, voxel.z].every((length) => Number.isFinite(length) && length > 0)) {
          throw new Error(`a voxel size of ${voxel.x}, ${voxel.y}, ${voxel.z}`)
        }
        count('opened')
      } catch (error) {
        if (!(error instanceof MrcError)) throw new Error(`run ${run}: ${String(error)}`, { cause: error })
        count(error.code)
      }
    }
    function count(outcome: string): void {
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
    expect([...outcomes.values()].reduce((sum, n) => sum + n, 0)).toBe(runs)
    expect(outcomes.get('opened')).toBeGreaterThan(runs / 10)
    expect(outcomes.get('truncated')).toBeGreaterThan(0)
    // Requests never exceed the file, nor results what a file of this size can fill, or the small floor for partial sections.
    expect(asked).toBeLessThanOrEqual(fileLength)
    expect(largest).toBeLessThanOrEqual(65536)
  })
})
