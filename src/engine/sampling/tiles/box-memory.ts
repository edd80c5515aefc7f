import { freemem } from 'node:os'
import type { ZYX } from '../../../shared/axes.ts'
import { voxelsAtOnce } from '../box.ts'
import { voxelsOf } from './geometry.ts'
import type { PlanRequest } from './plan.ts'
import { predictMemory, samplerBytesPerVoxel } from './predict-memory.ts'

/** What sampling one box takes in all. */
export interface BoxMemory {
  bytes(box: ZYX): number
  largestTensorBytes(box: ZYX): number
}

/** Edges of the boxes whose graphs are looked at: small enough to take no time, large enough to show how memory grows. */
const lookedAt = [24, 40] as const

/**
 * The runtime takes more than the tensors that are alive: convolutions unfold their inputs, and freed memory is not given back at once. A
 * U-Net and its derivative on 96^3 voxels took 550 MiB where 235 MiB of tensors were alive (CPU).
 */
const workspace = 2.5

/** Predicts it; null where the networks can't be looked at without the run failing for the same reason. */
export async function boxMemory(request: PlanRequest, multiple: ZYX): Promise<BoxMemory | null> {
  const { bundle, method, settings, wedge, threads } = request
  const given = { ...bundle.manifest.methods[method], ...settings }
  const sizes = lookedAt.map((edge): ZYX => {
    const n = multiple[0] * Math.ceil(edge / multiple[0])
    return [n, n, n]
  })
  const networks = await predictMemory({
    bundle,
    wedge,
    threads,
    withPrior: method !== 'cryogen-2',
    withGradient: method === 'cryogen-1' || method === 'cryowgen-2',
    withFilter: method === 'cryowgen-2' && bundle.manifest.latent === 'volume',
    sizes: [sizes[0], sizes[1]]
  })
  if (!networks) return null
  const chains = given.chains ?? 4
  const perVoxel = samplerBytesPerVoxel(request, {
    chains,
    candidates: given.candidates ?? 256,
    members: given.members ?? 8,
    threshold: given.threshold ?? null
  })
  // Small boxes go through the networks several chains at a time.
  const together = { 'cryogen-1': 1, 'cryogen-2': 1, 'cryowgen-1': 16, 'cryowgen-2': chains }[method]
  const batched = (box: ZYX): number => {
    const voxels = voxelsOf(box)
    return together * voxels <= voxelsAtOnce ? together * voxels : voxels
  }
  return {
    bytes: (box) => networks.weightBytes + workspace * networks.peakBytes(batched(box)) + perVoxel * voxelsOf(box),
    largestTensorBytes: (box) => networks.largestTensorBytes(batched(box))
  }
}

/** Of the memory that the system says is free, this much is counted on: other programs want some, and predictions are rough. */
const shareOfFree = 0.6

export function memoryAtHand(): number {
  const available = typeof process.availableMemory === 'function' ? process.availableMemory() : freemem()
  return shareOfFree * Math.min(available, freemem())
}
