/**
 * Mean binning by a whole number: sections (rows x columns) in, one section out for every `bin` of them. Only whole bins are made; an axis
 * shorter than one bin gives the one bin there is. Values that are not finite are left out; a bin of nothing else is NaN.
 */
export async function* binnedSections(
  sections: AsyncIterable<Float32Array>,
  { columns, rows, count }: { columns: number; rows: number; count: number },
  bin: number
): AsyncGenerator<Float32Array> {
  const outColumns = binnedLength(columns, bin)
  const outRows = binnedLength(rows, bin)
  const outCount = binnedLength(count, bin)
  const width = Math.min(bin, columns)
  const height = Math.min(bin, rows)
  const depth = Math.min(bin, count)
  const sums = new Float64Array(outColumns * outRows)
  /** How many values of each bin are not finite; null while all are. */
  let missing: Uint32Array | null = null
  const whole = width * height * depth
  let added = 0
  let made = 0
  for await (const section of sections) {
    if (made === outCount) continue
    for (let row = 0; row < outRows * height; row++) {
      const to = Math.floor(row / height) * outColumns
      let from = row * columns
      for (let column = 0; column < outColumns; column++) {
        let sum = 0
        for (let i = 0; i < width; i++) sum += section[from + i]
        if (sum - sum === 0) sums[to + column] += sum
        else {
          missing ??= new Uint32Array(sums.length)
          for (let i = 0; i < width; i++) {
            const value = section[from + i]
            if (Number.isFinite(value)) sums[to + column] += value
            else missing[to + column]++
          }
        }
        from += width
      }
    }
    if (++added < depth) continue
    const out = new Float32Array(sums.length)
    for (let i = 0; i < out.length; i++) out[i] = sums[i] / (whole - (missing ? missing[i] : 0))
    yield out
    sums.fill(0)
    missing = null
    added = 0
    made++
  }
}

export function binnedLength(length: number, bin: number): number {
  return Math.max(1, Math.floor(length / bin))
}
