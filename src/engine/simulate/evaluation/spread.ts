/** Voxels of like standard deviation, and how wrong the mean is there. */
export interface SpreadBin {
  /** Root mean square of the standard deviation and of the error. */
  sd: number
  error: number
  voxels: number
}

/** Voxels sorted by standard deviation into groups of equal number. On an honest family every group lies on the diagonal. */
export function spreadBins(
  truth: Float32Array,
  mean: Float32Array,
  variance: Float32Array,
  groups: number
): SpreadBin[] {
  const order = Uint32Array.from({ length: truth.length }, (_, i) => i)
  order.sort((a, b) => variance[a] - variance[b])
  const count = Math.min(groups, truth.length)
  return Array.from({ length: count }, (_, group) => {
    const from = Math.floor((group * order.length) / count)
    const to = Math.floor(((group + 1) * order.length) / count)
    let [spread, error] = [0, 0]
    for (let n = from; n < to; n++) {
      const i = order[n]
      spread += variance[i]
      error += (truth[i] - mean[i]) ** 2
    }
    const voxels = to - from
    return { sd: Math.sqrt(spread / voxels), error: Math.sqrt(error / voxels), voxels }
  })
}
