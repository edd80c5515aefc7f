import { UnsupportedOperatorError } from 'onnx-autodiff'
import type { ZYX } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { ChosenSetting, Device } from '../../shared/settings.ts'
import type { Wedge } from '../../shared/wedge.ts'
import type { LoadedBundle } from '../bundle/load.ts'
import type { DeviceChoice } from '../graph/device.ts'
import type { Target } from '../graph/lowering.ts'
import { latentShape, readNetworks } from '../graph/networks.ts'
import type { LatentShape, Network, Networks } from '../graph/networks.ts'
import { openNetworkBeside } from '../graph/network-session.ts'
import { floatTensor, resolveDevice } from '../graph/session.ts'
import { StepModel } from '../graph/step-model.ts'
import type { Conditioning } from '../graph/step-model.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import type { WedgeOperator } from '../wedge/operator.ts'
import { wholeFrame } from './noise/field.ts'
import type { NoiseFrame } from './noise/field.ts'
import { cropTo, paddedSize, padByReflection } from './padding.ts'

/** A region made ready for the networks: padded, encoded, its measured part taken. */
export interface Box {
  bundle: LoadedBundle
  networks: Networks
  /** The region as asked for, and as the networks take it. */
  region: ZYX
  size: ZYX
  voxels: number
  latent: LatentShape
  /** Where the latents lie in the whole, for the noise that they draw. */
  frame: NoiseFrame
  operator: WedgeOperator
  /** Mean of M^2: noise of variance sigma^2 leaves T_M with the power sigma^2 * this per voxel. */
  measuredPower: number
  /** There once the box is encoded. @throws RangeError before */
  readonly conditioning: Conditioning
  /** Runs the encoder on a device, where that has not been done: under 'auto' once the step's device is decided (openModel). */
  encode(device: Target): Promise<void>
  /** Normalised, padded. */
  volume: Float32Array
  device: Device
  threads: number | null
  /** Told in a few words what is done before the first step, such as the timing of devices. */
  say?: (words: string) => void
  /** How 'auto' was decided, before or once a model is open. */
  deviceChoice: DeviceChoice | null
  /** Told as soon as 'auto' is decided. */
  onDevice?: (choice: DeviceChoice) => Promise<void> | void
  /** Networks that don't run where the step does, and why. */
  readonly exceptions: ChosenSetting[]
}

export interface BoxRequest {
  bundle: LoadedBundle
  wedge: Wedge
  volume: Float32Array
  size: ZYX
  /** Where a tile lies in its padded region, in voxels; absent where the box is the whole. */
  place?: { origin: ZYX; whole: ZYX }
  device: Device
  threads: number | null
  say?: (words: string) => void
  deviceChoice?: DeviceChoice | null
  onDevice?: (choice: DeviceChoice) => Promise<void> | void
}

/** The smallest box of the sizes that a bundle's networks take which holds the region. */
export function networkSize({ manifest }: LoadedBundle, region: ZYX): ZYX {
  const { fixed, size, multipleOf } = manifest.patch
  if (!fixed) {
    const stride = manifest.latent === 'volume' ? 1 : manifest.latent.stride
    return paddedSize(region, leastCommonMultiple(multipleOf, stride))
  }
  const box: ZYX = [size[0], size[1], size[2]]
  if (region.every((n, axis) => n <= box[axis])) return box
  throw new WedgeviewError(
    'input',
    'box-too-large',
    `The bundle's networks take boxes of ${[...box].reverse().join(' x ')} voxels only; the region has ` +
      `${[...region].reverse().join(' x ')}.`,
    'Choose a region of interest of at most that size.'
  )
}

/**
 * Pads the region, applies T_M to it and runs the encoder on it; under 'auto' the encoder waits for the device that the step is given.
 */
export async function prepareBox(request: BoxRequest): Promise<Box> {
  const { bundle, wedge, device, threads } = request
  const size = networkSize(bundle, request.size)
  const volume = padByReflection(request.volume, request.size, size)
  const networks = readNetworks(bundle)
  const latent = latentShape(bundle.manifest.latent, size)
  const operator = createWedgeOperator(wedge, size)
  const { values } = operator.plane
  const measuredData = operator.apply(volume)
  const exceptions: ChosenSetting[] = []
  let encoded: Encoded | null = networks.encoder ? null : withoutEncoder(latent, volume)
  const box: Box = {
    bundle,
    networks,
    region: request.size,
    size,
    voxels: volume.length,
    latent,
    frame: frameOf(bundle, latent, request.place),
    operator,
    measuredPower: values.reduce((sum, m) => sum + m * m, 0) / values.length,
    get conditioning() {
      if (!encoded) throw new RangeError('The box is not encoded yet.')
      return { measuredData, ...encoded }
    },
    encode: async (target) => {
      if (encoded || !networks.encoder) return
      request.say?.('Encoding')
      const answer = await encode(networks.encoder, networks.folder, latent, volume, size, target, threads)
      encoded = answer.encoded
      if (answer.exception) exceptions.push(answer.exception)
    },
    volume,
    device,
    threads,
    say: request.say,
    deviceChoice: request.deviceChoice ?? null,
    onDevice: request.onDevice,
    exceptions
  }
  // A device that a run was begun on may be gone, which opening the step tells best.
  const isKnown = device !== 'auto' || request.deviceChoice?.device === 'cpu'
  if (isKnown) await box.encode(resolveDevice(device))
  return box
}

/** A tile begins on the grid of its latents: its corner is a multiple of the stride. */
function frameOf({ manifest }: LoadedBundle, latent: LatentShape, place: BoxRequest['place']): NoiseFrame {
  if (!place) return wholeFrame(latent.channels, latent.size)
  const stride = manifest.latent === 'volume' ? 1 : manifest.latent.stride
  const inLatents = ([z, y, x]: ZYX): ZYX => [z / stride, y / stride, x / stride]
  return {
    channels: latent.channels,
    box: latent.size,
    origin: inLatents(place.origin),
    whole: inLatents(place.whole)
  }
}

/** zbar(y) and, where the encoder gives it, its precision. */
type Encoded = Pick<Conditioning, 'centre' | 'precision'>

/** Tethers to the data themselves where the latent is the volume, else to the latent's origin. */
function withoutEncoder(latent: LatentShape, volume: Float32Array): Encoded {
  const isVolume = latent.length === volume.length
  return { centre: isVolume ? Float32Array.from(volume) : new Float32Array(latent.length), precision: null }
}

async function encode(
  encoder: Network,
  folder: string,
  latent: LatentShape,
  volume: Float32Array,
  size: ZYX,
  device: Target,
  threads: number | null
): Promise<{ encoded: Encoded; exception: ChosenSetting | null }> {
  const shape = [1, 1, ...size]
  const { session, choice } = await openNetworkBeside({ network: encoder, shape, folder }, device, threads)
  try {
    const names = [encoder.output, ...(encoder.precisionOutput ? [encoder.precisionOutput] : [])]
    const results = await session.run({ [encoder.input]: floatTensor(volume, shape) }, names)
    const centre = results[encoder.output].data as Float32Array
    const precision = encoder.precisionOutput ? (results[encoder.precisionOutput].data as Float32Array) : null
    for (const [name, values] of [
      ['zbar', centre],
      ['precision', precision]
    ] as const) {
      if (!values) continue
      if (values.length !== latent.length)
        throw badEncoder(`its output ${name} has ${values.length} elements, expected ${latent.length}`)
      if (!values.every((value) => Number.isFinite(value) && (name === 'zbar' || value > 0)))
        throw badEncoder(`its output ${name} holds values that are ${name === 'zbar' ? 'not finite' : 'not positive'}`)
    }
    return { encoded: { centre, precision }, exception: choice && exceptionOf('encoder', choice) }
  } finally {
    await session.close()
  }
}

/** How run.json names a network that runs elsewhere than the step. */
export function exceptionOf(network: 'encoder' | 'denoiser', { device, reason }: DeviceChoice): ChosenSetting {
  return {
    setting: `${network}Device`,
    value: device,
    reason: `the ${network} can't run where the step does; ${reason}`
  }
}

function badEncoder(what: string): WedgeviewError {
  return new WedgeviewError(
    'input',
    'bundle-output',
    `The bundle's encoder does not fit: ${what}.`,
    'Check the bundle with `wedgeview bundle check`, and that the tomogram is of the kind it was trained on.'
  )
}

/** Which form of the step graph a method needs. */
export interface ModelOptions {
  batch: number
  withPrior: boolean
  withGradient: boolean
  withFilter: boolean
}

/**
 * Compiles a box's step graph, and encodes the box on its device where that is still to be done.
 * @throws {WedgeviewError} input / operator-without-derivative, box-too-large, device-unavailable; job / device-inaccurate
 */
export async function openModel(box: Box, options: ModelOptions): Promise<StepModel> {
  try {
    const decidedBefore = box.deviceChoice
    const model = await StepModel.open(
      {
        ...options,
        networks: box.networks,
        size: box.size,
        latent: box.latent,
        plane: box.operator.plane,
        withPrecision: (box.networks.encoder?.precisionOutput ?? null) !== null
      },
      { device: box.device, threads: box.threads, say: box.say, decided: decidedBefore }
    )
    box.deviceChoice = model.choice
    try {
      if (model.choice && model.choice !== decidedBefore) await box.onDevice?.(model.choice)
      await box.encode(model.device)
      return model
    } catch (error) {
      await model.close()
      throw error
    }
  } catch (error) {
    if (!(error instanceof UnsupportedOperatorError)) throw error
    throw new WedgeviewError(
      'input',
      'operator-without-derivative',
      `The bundle can't be differentiated: ${error.message}`,
      'CryoGEN-II and CryoWGEN-I need no derivative and work with it.',
      { cause: error }
    )
  }
}

/** How many chains go through the networks at once: small boxes together, large ones one by one. */
export function batchFor(box: Box, chains: number): number {
  const networks = [box.networks.decoder, box.networks.prior].filter((network) => network !== null)
  const hasFixedBatch = networks.some(({ graph, input }) => {
    const batch = graph.inputs.find(({ name }) => name === input)?.shape?.[0]
    return typeof batch === 'number'
  })
  return !hasFixedBatch && chains * box.voxels <= voxelsAtOnce ? chains : 1
}

/** Voxels of all chains that go through the networks together, at most. */
export const voxelsAtOnce = 2 ** 19

/** lambda |T_M (y - x)|^2 per measured voxel; near 1 where lambda = 1 / sigma^2 and the model is right. */
export function misfitPerVoxel(box: Box, lambda: number, misfit: number): number {
  return (lambda * misfit) / (box.voxels * box.measuredPower)
}

/** A map of the box without its padding. */
export function toRegion(box: Box, values: Float32Array): Float32Array {
  return cropTo(values, box.size, box.region)
}

function leastCommonMultiple(a: number, b: number): number {
  let [x, y] = [a, b]
  while (y > 0) [x, y] = [y, x % y]
  return (a / x) * b
}
