import type { ZYX } from '../../../shared/axes.ts'
import { noiseLevels } from '../../graph/networks.ts'
import type { StepModel, Weights } from '../../graph/step-model.ts'
import { openModel, prepareBox } from '../box.ts'
import type { Box, BoxRequest } from '../box.ts'
import { fillNormal } from '../noise/normal.ts'
import { letOthersRun } from '../problem.ts'

/** How far a voxel reaches into a network's answer, in voxels along (z, y, x) on each side. */
export interface Reach {
  /** Beyond it nothing changes at all; null where it leaves the box that was looked at. */
  exact: ZYX | null
  /** Beyond each lies a share of the change, as a root sum of squares: reachShares, the smallest share first. */
  effective: { share: number; reach: ZYX }[]
}

export const reachShares = [0.001, 0.01, 0.03, 0.1] as const

export interface ReachRequest extends BoxRequest {
  /** What corners of tiles are multiples of: the period of a strided network's answer. */
  multiple: ZYX
  /** Whether the prior's force moves the latents, as it does in CryoGEN-I and CryoWGEN-II. */
  withForce: boolean
  signal?: AbortSignal
}

const draws = 2
/** Leaves the prior's force alone in the gradient. */
const forceOnly: Weights = { lambda: 0, beta: 0, gamma: 1 }

/**
 * The networks' receptive field, measured: a block of voxels in the middle of a box of real data is replaced by random values, and
 * where the answers change is looked at. Probed are what the encoder and the decoder make of the tomogram, what the decoder
 * makes of a latent, and the prior's force on it through the decoder, forth and back.
 */
export async function measureReach(request: ReachRequest): Promise<Reach> {
  const { signal } = request
  const box = await prepareBox(request)
  signal?.throwIfAborted()
  const model = await openModel(box, {
    batch: 1,
    withPrior: request.withForce,
    withGradient: request.withForce,
    withFilter: false
  })
  try {
    const changes = new Changes(box.size)
    const before = await answersAt(model, box, box.conditioning.centre, request.withForce)
    const block = middleBlock(box.size, request.multiple)
    const stride = box.size.map((n, axis) => n / box.latent.size[axis])
    const latentBlock = block.map(([from, to], axis): Range => [from / stride[axis], to / stride[axis]])
    for (let draw = 0; draw < draws; draw++) {
      await letOthersRun()
      signal?.throwIfAborted()
      const volume = replaced(box.volume, 1, box.size, block, draw)
      const other = await prepareBox({ ...request, volume, size: box.size })
      await other.encode(model.device)
      changes.add(before.centre, other.conditioning.centre, box.latent.size, latentBlock, stride)
      const encoded = await answersAt(model, box, other.conditioning.centre, false)
      changes.add(before.volume, encoded.volume, box.size, block, [1, 1, 1])
      await letOthersRun()
      signal?.throwIfAborted()
      const latent = replaced(box.conditioning.centre, box.latent.channels, box.latent.size, latentBlock, draws + draw)
      const decoded = await answersAt(model, box, latent, request.withForce)
      changes.add(before.volume, decoded.volume, box.size, block, [1, 1, 1])
      if (before.force && decoded.force) changes.add(before.force, decoded.force, box.latent.size, latentBlock, stride)
    }
    return changes.reach()
  } finally {
    await model.close()
  }
}

type Range = readonly [from: number, to: number]

interface Answers {
  centre: Float32Array
  volume: Float32Array
  force: Float32Array | null
}

async function answersAt(model: StepModel, box: Box, latent: Float32Array, withForce: boolean): Promise<Answers> {
  const spec = box.networks.prior?.spec
  const { sigma } = box.bundle.manifest.noise ?? { sigma: 1 }
  const noiseLevel = spec && spec.kind !== 'energy' ? noiseLevels(spec, sigma).at(-1) : undefined
  if (!model.spec.withGradient) {
    const { volume } = await model.evaluate(latent, box.conditioning, { noiseLevel })
    return { centre: latent, volume, force: null }
  }
  const still = new Float32Array(latent.length)
  const input = { position: latent, drift: still, noise: still, steps: [0] }
  const { volume, gradient } = await model.step(input, box.conditioning, forceOnly, undefined, { noiseLevel })
  return { centre: latent, volume, force: withForce ? gradient : null }
}

/** A block in the middle, of one period of the networks and on its grid. */
function middleBlock(size: ZYX, multiple: ZYX): Range[] {
  return size.map((n, axis) => {
    const from = multiple[axis] * Math.floor((n / 2 - multiple[axis] / 2) / multiple[axis])
    return [Math.max(0, from), Math.min(n, Math.max(0, from) + multiple[axis])]
  })
}

/** With the block's values replaced by random ones of the scale of all of them. */
function replaced(
  values: Float32Array,
  channels: number,
  size: ZYX,
  block: readonly Range[],
  draw: number
): Float32Array {
  const out = Float32Array.from(values)
  const noise = new Float32Array(values.length)
  fillNormal(noise, 0, noise.length, 0, { seed: 0x7469, chain: 0, step: draw, purpose: 'probe' })
  const scale = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length) || 1
  for (let channel = 0; channel < channels; channel++)
    for (let z = block[0][0]; z < block[0][1]; z++)
      for (let y = block[1][0]; y < block[1][1]; y++)
        for (let x = block[2][0]; x < block[2][1]; x++) {
          const at = ((channel * size[0] + z) * size[1] + y) * size[2] + x
          out[at] = 2 * scale * noise[at]
        }
  return out
}

/** Where answers changed, by distance from the block along each axis. */
class Changes {
  readonly #size: ZYX
  /** The furthest element that changed at all, an axis each. */
  readonly #furthest = [0, 0, 0]
  readonly #effective = reachShares.map(() => [0, 0, 0])
  #leaves = false

  constructor(size: ZYX) {
    this.#size = size
  }

  /** @param stride voxels that an element stands for, along each axis */
  add(a: Float32Array, b: Float32Array, size: ZYX, block: readonly Range[], stride: readonly number[]): void {
    const energy = size.map((n) => new Float64Array(n + 1))
    const plane = size[0] * size[1] * size[2]
    for (let i = 0; i < a.length; i++) {
      const change = b[i] - a[i]
      if (change === 0 || Number.isNaN(change)) continue
      const at = i % plane
      const place = [Math.floor(at / (size[1] * size[2])), Math.floor(at / size[2]) % size[1], at % size[2]]
      for (let axis = 0; axis < 3; axis++) {
        const [from, to] = block[axis]
        const distance = Math.max(0, from - place[axis], place[axis] - to + 1)
        energy[axis][distance] += change * change
        if (distance > 0 && (place[axis] === 0 || place[axis] === size[axis] - 1)) this.#leaves = true
      }
    }
    for (let axis = 0; axis < 3; axis++) {
      const furthest = energy[axis].findLastIndex((value) => value > 0)
      this.#furthest[axis] = Math.max(this.#furthest[axis], Math.ceil(Math.max(0, furthest) * stride[axis]))
      for (const [i, share] of reachShares.entries()) {
        const effective = Math.ceil(reachedBy(energy[axis], share) * stride[axis])
        this.#effective[i][axis] = Math.max(this.#effective[i][axis], effective)
      }
    }
  }

  reach(): Reach {
    const [z, y, x] = this.#furthest
    return {
      exact: this.#leaves ? null : [z, y, x],
      effective: reachShares.map((share, i) => {
        const [ez, ey, ex] = this.#effective[i].map((n, axis) => Math.min(n, this.#size[axis]))
        return { share, reach: [ez, ey, ex] }
      })
    }
  }
}

function reachedBy(energy: Float64Array, share: number): number {
  const allowed = share ** 2 * energy.reduce((a, b) => a + b, 0)
  let beyond = 0
  for (let distance = energy.length - 1; distance > 0; distance--) {
    beyond += energy[distance]
    if (beyond > allowed) return distance
  }
  return 0
}
