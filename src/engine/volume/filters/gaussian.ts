/** Taps beyond this many sigma weigh less than 1e-4 of the middle one together. */
const reach = 4

/** A sampled Gaussian that sums to 1, from -radius to radius; sigma in voxels, 0 gives the identity. */
export function gaussianKernel(sigma: number): Float64Array {
  const radius = Math.ceil(reach * sigma)
  const taps = Float64Array.from({ length: 2 * radius + 1 }, (_, i) =>
    sigma === 0 ? 1 : Math.exp(-((i - radius) ** 2) / (2 * sigma * sigma))
  )
  const sum = taps.reduce((total, tap) => total + tap, 0)
  return taps.map((tap) => tap / sum)
}

/** The sample that stands at place `i` of a line of `n` mirrored at its ends: d c b a | a b c d | d c b a. */
export function mirroredIndex(i: number, n: number): number {
  const place = ((i % (2 * n)) + 2 * n) % (2 * n)
  return place < n ? place : 2 * n - 1 - place
}

/**
 * Convolves a raster (rows x columns) along both axes, mirrored at its edges, with float64 sums. Values that are not finite count as the mean of
 * the others and stay what they are. A new array.
 */
export function blurRaster(raster: Float32Array, rows: number, columns: number, kernel: Float64Array): Float32Array {
  const { values, gaps } = withoutGaps(raster)
  const radius = (kernel.length - 1) / 2
  const along = new Float64Array(values.length)
  const columnAt = mirroredPlaces(columns, radius)
  const padded = new Float64Array(columns + 2 * radius)
  for (let row = 0; row < rows; row++) {
    const from = row * columns
    for (let i = 0; i < padded.length; i++) padded[i] = values[from + columnAt[i]]
    for (let column = 0; column < columns; column++) {
      let sum = 0
      for (let tap = 0; tap < kernel.length; tap++) sum += kernel[tap] * padded[column + tap]
      along[from + column] = sum
    }
  }
  const out = new Float32Array(values.length)
  const rowAt = mirroredPlaces(rows, radius)
  const sums = new Float64Array(columns)
  for (let row = 0; row < rows; row++) {
    sums.fill(0)
    for (let tap = 0; tap < kernel.length; tap++) {
      const from = rowAt[row + tap] * columns
      const weight = kernel[tap]
      for (let column = 0; column < columns; column++) sums[column] += weight * along[from + column]
    }
    out.set(sums, row * columns)
  }
  for (const i of gaps) out[i] = raster[i]
  return out
}

/** The raster with its values that are not finite replaced by the mean of the others, and where those are. */
export function withoutGaps(raster: Float32Array): { values: Float32Array; gaps: readonly number[] } {
  const gaps: number[] = []
  let sum = 0
  for (let i = 0; i < raster.length; i++) {
    const value = raster[i]
    if (value - value === 0) sum += value
    else gaps.push(i)
  }
  if (gaps.length === 0) return { values: raster, gaps }
  const mean = gaps.length === raster.length ? 0 : sum / (raster.length - gaps.length)
  const values = raster.slice()
  for (const i of gaps) values[i] = mean
  return { values, gaps }
}

function mirroredPlaces(n: number, radius: number): Int32Array {
  return Int32Array.from({ length: n + 2 * radius }, (_, i) => mirroredIndex(i - radius, n))
}

/**
 * A 3-D Gaussian over sections that come one by one: each is blurred in its plane and kept while the kernel reaches it. Edges and values that are not
 * finite as in blurRaster. Memory: kernel.length + 1 sections.
 */
export async function* blurredSections(
  sections: AsyncIterable<Float32Array>,
  { columns, rows, count }: { columns: number; rows: number; count: number },
  sigma: number
): AsyncGenerator<Float32Array> {
  const kernel = gaussianKernel(sigma)
  const radius = (kernel.length - 1) / 2
  const kept = new Map<number, { blurred: Float32Array; gaps: readonly number[]; raw: Float32Array | null }>()
  let arrived = 0
  let next = 0
  const combined = (z: number): Float32Array => {
    const sums = new Float64Array(columns * rows)
    for (let tap = 0; tap < kernel.length; tap++) {
      const section = kept.get(mirroredIndex(z + tap - radius, count))
      if (!section) throw new RangeError(`section ${z + tap - radius} is not there any more`)
      const { blurred } = section
      const weight = kernel[tap]
      for (let i = 0; i < sums.length; i++) sums[i] += weight * blurred[i]
    }
    const out = Float32Array.from(sums)
    const own = kept.get(z)
    for (const i of own?.gaps ?? []) out[i] = own?.raw?.[i] ?? Number.NaN
    return out
  }
  for await (const section of sections) {
    const { values, gaps } = withoutGaps(section)
    kept.set(arrived++, {
      blurred: blurRaster(values, rows, columns, kernel),
      gaps,
      raw: gaps.length > 0 ? section.slice() : null
    })
    while (next < count && arrived > Math.min(count - 1, next + radius)) {
      yield combined(next++)
      kept.delete(next - 1 - radius)
    }
  }
}
