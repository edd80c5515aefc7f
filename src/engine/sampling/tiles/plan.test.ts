import { describe, expect, it } from 'vitest'
import { Graph } from 'onnx-autodiff'
import type { ZYX } from '../../../shared/axes.ts'
import type { LoadedBundle } from '../../bundle/load.ts'
import { largestTensorBytes } from '../../graph/session.ts'
import { makeDecoderBundle } from '../oracle/decoder-bundle.ts'
import { normalField, symmetricWedge } from '../oracle/gaussian-problem.ts'
import { layTiles, voxelsOf } from './geometry.ts'
import { planRegion, type PlannedRegion, type PlanRequest } from './plan.ts'
import { aliveAtOnce } from './predict-memory.ts'
import { wedgeRinging } from './ringing.ts'

async function plan(bundle: LoadedBundle, size: ZYX, rest: Partial<PlanRequest> = {}): Promise<PlannedRegion> {
  return planRegion({
    bundle,
    wedge: symmetricWedge,
    volume: rest.volume ?? normalField(voxelsOf(size), 1),
    size,
    method: 'cryowgen-2',
    device: 'cpu',
    threads: 1,
    settings: { chains: 2, members: 2 },
    ...rest
  })
}

function tilesOf(size: ZYX, { plan: { whole, edge, halo, multiple } }: PlannedRegion): number {
  return layTiles(size, whole, edge, halo, multiple).tiles.length
}

describe('a plan', () => {
  const size: ZYX = [60, 70, 90]

  it('is one box where there is memory for it, and says what it takes', async () => {
    const planned = await plan(await makeDecoderBundle(), size, { memoryBytes: 64 * 2 ** 30 })
    expect(tilesOf(size, planned)).toBe(1)
    expect(planned.chosen).toEqual([])
    const { bytes, largestTensorBytes: largest } = planned.plan.predicted ?? { bytes: 0, largestTensorBytes: 0 }
    // The decoder's hidden layer: 4 channels of voxels.
    expect(largest).toBeGreaterThanOrEqual(4 * 4 * voxelsOf(size))
    expect(bytes).toBeGreaterThan(largest)
  })

  it('cuts into the largest tiles that fit, fewer with more memory', async () => {
    const bundle = await makeDecoderBundle()
    const counts: number[] = []
    for (const mebibytes of [45, 75, 125]) {
      const planned = await plan(bundle, size, { memoryBytes: mebibytes * 2 ** 20 })
      counts.push(tilesOf(size, planned))
      expect(planned.plan.predicted?.bytes).toBeLessThan(mebibytes * 2 ** 20)
      expect(planned.chosen.find(({ setting }) => setting === 'tile')?.reason).toMatch(/largest that fits/)
      expect(planned.warnings).toEqual([])
    }
    expect(counts[0]).toBeGreaterThan(counts[1])
    expect(counts[1]).toBeGreaterThan(counts[2])
    expect(counts[2]).toBeGreaterThan(1)
  })

  it('takes the smallest tiles, and says so, where nothing fits', async () => {
    const planned = await plan(await makeDecoderBundle(), size, { memoryBytes: 1 })
    expect(planned.warnings.map(({ code }) => code)).toEqual(['memory-tight'])
    expect(tilesOf(size, planned)).toBeGreaterThan(20)
  })

  it('lets networks of one size have larger regions', async () => {
    const { patch, ...rest } = (await makeDecoderBundle()).manifest
    const bundle = await makeDecoderBundle({ ...rest, patch: { ...patch, size: [24, 32, 48], fixed: true } })
    const planned = await plan(bundle, [30, 20, 60], { method: 'cryogen-2' })
    expect(planned.plan).toMatchObject({ edge: [24, 32, 48], whole: [30, 32, 60], halo: [3, 0, 3] })
    expect(tilesOf([30, 20, 60], planned)).toBe(4)
    const within = await plan(bundle, [24, 20, 48])
    expect(tilesOf([24, 20, 48], within)).toBe(1)
  })

  it('refuses a region of which no map could be held', async () => {
    const huge: ZYX = [640, 640, 640]
    expect(4 * voxelsOf(huge)).toBeGreaterThan(largestTensorBytes)
    const planned = plan(await makeDecoderBundle(), huge, { volume: new Float32Array(0) })
    await expect(planned).rejects.toMatchObject({ kind: 'input', code: 'region-too-large' })
  })
})

describe('what a tile has to leave out', () => {
  it('of the wedge operator is nothing along the tilt axis, and follows the axes', () => {
    const [z, y, x] = wedgeRinging(symmetricWedge)
    expect(y).toBe(0)
    expect(z).toBe(8)
    expect(x).toBe(14)
    expect(wedgeRinging({ ...symmetricWedge, tiltAxis: 'x', beamAxis: 'y' })).toEqual([x, z, 0])
    // Everything measured: T_M is the identity.
    expect(wedgeRinging({ ...symmetricWedge, tiltMin: -90, tiltMax: 90 })).toEqual([0, 0, 0])
  })
})

it('counts what is alive at once in a graph', () => {
  const graph = new Graph({ opset: 17 })
  const x = graph.input('x', 'float32', [10])
  const a = graph.relu(x)
  const b = graph.relu(a)
  const c = graph.add(a, b)
  graph.output(graph.concat([c, c, c], 0), 'y')
  const shapes = new Map(graph.nodes.flatMap(({ outputs }) => outputs.map((value) => [value, [10]])))
  shapes.set('x', [10]).set('y', [30])
  // At the sum: a, b and c; then c and the 30 of the output.
  expect(aliveAtOnce(graph, shapes)).toEqual({ peak: 4 * 40, largest: 4 * 30 })
})
