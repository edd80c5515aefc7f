import { Graph } from 'onnx-autodiff'
import { WedgeviewError } from '../../shared/errors.ts'
import type { ZYX } from '../../shared/axes.ts'
import type { BundleNetwork, LoadedBundle } from '../bundle/load.ts'
import type { Manifest } from '../bundle/manifest.ts'

/** A bundle's network as a graph, its inputs and outputs found. */
export interface Network {
  readonly graph: Graph
  /** Name of the input that carries the volume or the latent. */
  readonly input: string
  readonly output: string
  /** Name of the denoiser's noise-level input, shape (B,); null where it has none. */
  readonly sigmaInput: string | null
  /** Name of the encoder's second output, the precision of kappa; null where it has none. */
  readonly precisionOutput: string | null
}

export type Prior = Exclude<Manifest['prior'], { kind: 'none' }>

/** The networks of a bundle, ready to be joined. */
export interface Networks {
  readonly encoder: Network | null
  readonly decoder: Network | null
  readonly prior: (Network & { readonly spec: Prior }) | null
  /** Folder that external weights are relative to. */
  readonly folder: string
}

/** The latent's shape for a box: channels and size; the volume's own where the latent is the volume. */
export interface LatentShape {
  readonly channels: number
  readonly size: ZYX
  /** channels * z * y * x. */
  readonly length: number
}

const outputNames = { encoder: 'zbar', decoder: 'x', energy: 'energy', denoiser: 'denoised', score: 'score' } as const

function namedOr(names: readonly string[], wanted: string, others: readonly string[]): string | null {
  if (names.includes(wanted)) return wanted
  const rest = names.filter((name) => !others.includes(name))
  return rest.length === 1 ? rest[0] : null
}

function readNetwork(file: BundleNetwork, input: string, output: string): Network {
  const graph = Graph.decode(file.bytes)
  const inputs = graph.inputs.map(({ name }) => name)
  const outputs = graph.outputs.map(({ name }) => name)
  const sigmaInput = inputs.length > 1 && inputs.includes('sigma') ? 'sigma' : null
  const precisionOutput = outputs.length > 1 && outputs.includes('precision') ? 'precision' : null
  const found = {
    input: namedOr(inputs, input, sigmaInput ? [sigmaInput] : []),
    output: namedOr(outputs, output, precisionOutput ? [precisionOutput] : [])
  }
  if (found.input === null || found.output === null)
    throw new WedgeviewError(
      'input',
      'bundle-graph',
      `${file.path} has the inputs ${inputs.join(', ')} and the outputs ${outputs.join(', ')}; ` +
        `expected an input ${input} and an output ${output}.`,
      'Name them as docs/bundles.md says when exporting the network.'
    )
  return { graph, input: found.input, output: found.output, sigmaInput, precisionOutput }
}

/**
 * Decodes a bundle's networks.
 * @throws {WedgeviewError} input / bundle-graph where inputs or outputs are not to be told apart.
 */
export function readNetworks(bundle: LoadedBundle): Networks {
  const { encoder, decoder, prior, manifest } = bundle
  const spec = manifest.prior
  return {
    encoder: encoder && readNetwork(encoder, 'y', outputNames.encoder),
    decoder: decoder && readNetwork(decoder, 'z', outputNames.decoder),
    prior: prior && spec.kind !== 'none' ? { ...readNetwork(prior, 'x', outputNames[spec.kind]), spec } : null,
    folder: bundle.path
  }
}

/** The latent's shape for a box of voxels that is a multiple of the stride. */
export function latentShape(latent: Manifest['latent'], size: ZYX): LatentShape {
  const { channels, stride } = latent === 'volume' ? { channels: 1, stride: 1 } : latent
  const [z, y, x] = size.map((n) => Math.ceil(n / stride))
  return { channels, size: [z, y, x], length: channels * z * y * x }
}

/** True where the prior sees the volume as it lies. */
export function isWithoutRotations(spec: Prior): boolean {
  return spec.domain !== 'observation' || spec.rotations === 'none'
}

/** Noise levels of a denoiser or score, from the highest down; a bundle that names none was trained at its own noise. */
export function noiseLevels(spec: Prior, sigma: number): number[] {
  return spec.noiseLevels ? [...spec.noiseLevels].sort((a, b) => b - a) : [sigma]
}
