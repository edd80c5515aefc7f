import type { Tensor } from 'onnxruntime-node'
import type { ZYX } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { latentShape, type Network, type Networks } from '../graph/networks.ts'
import { floatTensor, openSession } from '../graph/session.ts'
import type { Manifest } from './manifest.ts'

const shapeHint = 'Correct latent, patch or prior in bundle.json, or export the network again.'

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y > 0) [x, y] = [y, x % y]
  return (a / x) * b
}

/** A stated patch of up to this many voxels is run as it is; a larger one stands for smaller boxes too. */
const quickVoxels = 64 ** 3
const smallSide = 48

/** The box of the dry run: the stated patch, or smaller multiples where the networks take any size. */
export function dryRunSize({ patch, latent }: Manifest): ZYX {
  const [d, h, w] = patch.size
  if (patch.fixed || d * h * w <= quickVoxels) return [d, h, w]
  const multiple = leastCommonMultiple(patch.multipleOf, latent === 'volume' ? 1 : latent.stride)
  const side = Math.ceil(smallSide / multiple) * multiple
  return [Math.min(d, side), Math.min(h, side), Math.min(w, side)]
}

function wrongShape(
  file: string,
  what: string,
  found: readonly (number | string)[],
  expected: readonly (number | string)[]
) {
  return new WedgeviewError(
    'input',
    'bundle-shape',
    `${file}: ${what} has the shape (${found.join(', ')}), expected (${expected.join(', ')}).`,
    shapeHint
  )
}

/** The graph's own statement of its input against what it will be given. */
function checkDeclared(file: string, network: Network, dims: readonly number[]): void {
  const declared = network.graph.inputs.find(({ name }) => name === network.input)
  if (declared?.type !== undefined && declared.type !== 'float32')
    throw new WedgeviewError(
      'input',
      'bundle-shape',
      `${file}: input ${network.input} takes ${declared.type}, expected float32.`,
      'Export the network in single precision.'
    )
  const shape = declared?.shape
  if (shape && (shape.length !== dims.length || shape.some((n, i) => typeof n === 'number' && n !== dims[i])))
    throw wrongShape(file, `input ${network.input}`, shape, dims)
}

function checkFinite(file: string, output: string, tensor: Tensor): void {
  const data = tensor.data
  if (!(data instanceof Float32Array))
    throw new WedgeviewError(
      'input',
      'bundle-shape',
      `${file}: output ${output} is ${tensor.type}, expected float32.`,
      'Export the network in single precision.'
    )
  const bad = data.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw new WedgeviewError(
      'input',
      'bundle-nan',
      `${file}: output ${output} holds ${data[bad]} for an input of zeros.`,
      'The network divides by zero or overflows there; a small epsilon in its normalisation usually cures it.'
    )
}

function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((n, i) => n === b[i])
}

async function run(
  file: string,
  network: Network,
  folder: string,
  dims: readonly number[],
  outputs: readonly string[]
): Promise<Record<string, Tensor>> {
  checkDeclared(file, network, dims)
  const feeds: Record<string, Tensor> = {
    [network.input]: floatTensor(new Float32Array(dims.reduce((a, b) => a * b, 1)), dims)
  }
  if (network.sigmaInput !== null) feeds[network.sigmaInput] = floatTensor(Float32Array.of(1), [1])
  try {
    const session = await openSession(network.graph.encode(), { device: 'cpu', threads: null }, folder)
    try {
      return await session.run(feeds, outputs)
    } finally {
      await session.close()
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WedgeviewError(
      'input',
      'bundle-run',
      `${file} does not run on an input of shape (${dims.join(', ')}): ${reason}`,
      'Check patch.size, patch.multipleOf and latent in bundle.json against what the network takes.',
      { cause }
    )
  }
}

/**
 * Runs every network once on zeros and compares what comes out with the manifest. Throws `bundle-shape`, `bundle-nan` or `bundle-run`.
 * Blocks this thread for a network pass: not for a process that draws or serves.
 */
export async function dryRun(networks: Networks, manifest: Manifest): Promise<void> {
  const size = dryRunSize(manifest)
  const latent = latentShape(manifest.latent, size)
  const volumeDims = [1, 1, ...size]
  const latentDims = [1, latent.channels, ...latent.size]
  const { encoder, decoder, prior, folder } = networks

  if (encoder) {
    const file = 'encoder.onnx'
    const names = [encoder.output, ...(encoder.precisionOutput ? [encoder.precisionOutput] : [])]
    const results = await run(file, encoder, folder, volumeDims, names)
    for (const name of names) {
      if (!sameShape(results[name].dims, latentDims))
        throw wrongShape(file, `output ${name}`, results[name].dims, latentDims)
      checkFinite(file, name, results[name])
    }
    const precision = encoder.precisionOutput ? results[encoder.precisionOutput].data : null
    if (precision instanceof Float32Array && precision.some((value) => value <= 0))
      throw new WedgeviewError(
        'input',
        'bundle-shape',
        `${file}: output precision holds values that are not positive.`,
        'End that branch with Softplus or Exp.'
      )
  }
  if (decoder) {
    const file = 'decoder.onnx'
    const result = (await run(file, decoder, folder, latentDims, [decoder.output]))[decoder.output]
    if (!sameShape(result.dims, volumeDims)) throw wrongShape(file, `output ${decoder.output}`, result.dims, volumeDims)
    checkFinite(file, decoder.output, result)
  }
  if (prior) {
    const file = 'prior.onnx'
    const dims = prior.spec.domain === 'latent' ? latentDims : volumeDims
    const result = (await run(file, prior, folder, dims, [prior.output]))[prior.output]
    if (prior.spec.kind === 'energy') {
      if (result.size !== 1) throw wrongShape(file, `output ${prior.output}`, result.dims, [1])
    } else if (!sameShape(result.dims, dims)) throw wrongShape(file, `output ${prior.output}`, result.dims, dims)
    checkFinite(file, prior.output, result)
  }
}
