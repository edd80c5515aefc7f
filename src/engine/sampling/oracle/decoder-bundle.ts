import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Graph } from 'onnx-autodiff'
import type { Value } from 'onnx-autodiff'
import { loadBundle } from '../../bundle/load.ts'
import type { LoadedBundle } from '../../bundle/load.ts'
import type { Manifest } from '../../bundle/manifest.ts'
import { writeBundleFolder } from '../../bundle/write.ts'
import { normalField } from './gaussian-problem.ts'

const weights = (graph: Graph, shape: readonly number[], seed: number, scale: number): Value =>
  graph.constant(
    normalField(
      shape.reduce((a, b) => a * b),
      seed
    ).map((value) => value * scale),
    shape
  )

/** z (B, 2, d, h, w) -> x (B, 1, 2d, 2h, 2w): a small convolutional decoder with random weights. */
export function decoderGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'decoder' })
  const z = graph.input('z', 'float32', ['batch', 2, 'd', 'h', 'w'])
  const hidden = graph.tanh(
    graph.node('Conv', [z, weights(graph, [4, 2, 3, 3, 3], 1, 0.2)], { pads: [1, 1, 1, 1, 1, 1] })
  )
  const scales = graph.constant(Float32Array.of(1, 1, 2, 2, 2), [5])
  const large = graph.node('Resize', [hidden, '', scales], {
    mode: 'nearest',
    coordinate_transformation_mode: 'asymmetric',
    nearest_mode: 'floor'
  })
  const x = graph.node('Conv', [large, weights(graph, [1, 4, 3, 3, 3], 2, 0.3)], { pads: [1, 1, 1, 1, 1, 1] })
  graph.output(x, 'x')
  return graph.encode()
}

/** z (B, 2, d, h, w) -> (B,): 1/2 |z|^2 + a little |z|^4, log-concave. */
export function latentEnergyGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'latent-energy' })
  const x = graph.input('x', 'float32', ['batch', 2, 'd', 'h', 'w'])
  const square = graph.mul(x, x)
  const sum = graph.add(graph.mul(square, graph.scalar(0.5)), graph.mul(graph.mul(square, square), graph.scalar(0.05)))
  graph.output(graph.reduceSum(sum, [1, 2, 3, 4], false), 'energy')
  return graph.encode()
}

/** y -> zbar (mean over 2^3 voxels in both channels, the second negated) and precision (4 everywhere). */
export function poolingEncoderGraph(): Uint8Array {
  const graph = new Graph({ opset: 17, name: 'encoder' })
  const y = graph.input('y', 'float32', ['batch', 1, 'd', 'h', 'w'])
  const pooled = graph.node('AveragePool', [y], { kernel_shape: [2, 2, 2], strides: [2, 2, 2] })
  const zbar = graph.concat([pooled, graph.neg(pooled)], 1)
  graph.output(zbar, 'zbar')
  graph.output(graph.add(graph.mul(zbar, graph.scalar(0)), graph.scalar(4)), 'precision')
  return graph.encode()
}

/** A bundle whose latent is not the volume, in memory; `files` take the place of its own, null leaves one out. */
export async function makeDecoderBundle(
  changes: Partial<Omit<Manifest, 'files'>> = {},
  files: Readonly<Record<string, Uint8Array | null>> = {}
): Promise<LoadedBundle> {
  const folder = await mkdtemp(join(tmpdir(), 'decoder-bundle-'))
  try {
    const path = await writeBundleFolder(
      join(folder, 'bundle'),
      {
        formatVersion: 1,
        name: 'tiny-decoder',
        version: '1.0.0',
        license: 'CC0-1.0',
        description: 'random weights',
        training: { method: 'other', data: 'none', date: '2026-11-20' },
        voxelSizeAngstrom: null,
        contrast: 'light-on-dark',
        normalization: { kind: 'none' },
        patch: { size: [16, 16, 16], multipleOf: 2, halo: 4, fixed: false },
        latent: { channels: 2, stride: 2 },
        prior: { kind: 'energy', domain: 'latent', rotations: 'none' },
        wedge: null,
        noise: { sigma: 0.5 },
        methods: { 'cryogen-1': {}, 'cryogen-2': {}, 'cryowgen-1': {}, 'cryowgen-2': {} },
        ...changes
      },
      Object.fromEntries(
        Object.entries({
          'encoder.onnx': poolingEncoderGraph(),
          'decoder.onnx': decoderGraph(),
          'prior.onnx': latentEnergyGraph(),
          ...files
        }).filter((entry): entry is [string, Uint8Array<ArrayBuffer>] => entry[1] !== null)
      )
    )
    return await loadBundle(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
