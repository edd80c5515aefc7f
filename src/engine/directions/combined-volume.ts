import type { ReadOptions, Slice, Volume } from '../volume/volume.ts'

/** A sum of volumes of one size, each times a number, computed where it is read. */
export function combinedVolume(terms: readonly (readonly [factor: number, volume: Volume])[]): Volume {
  const read = async (part: (volume: Volume) => Promise<Float32Array>): Promise<Float32Array> => {
    const used = terms.filter(([factor]) => factor !== 0)
    const parts = await Promise.all(used.map(([, volume]) => part(volume)))
    const factors = used.map(([factor]) => factor)
    const out = new Float32Array(parts[0]?.length ?? 0)
    for (let i = 0; i < out.length; i++) {
      let sum = 0
      for (let t = 0; t < parts.length; t++) sum += factors[t] * parts[t][i]
      out[i] = sum
    }
    return out
  }
  return {
    info: terms[0][1].info,
    async readSlice(plane, index, options?: ReadOptions): Promise<Slice> {
      let shape = { rows: 0, columns: 0 }
      const data = await read(async (volume) => {
        const { rows, columns, data: values } = await volume.readSlice(plane, index, options)
        shape = { rows, columns }
        return values
      })
      return { ...shape, data }
    },
    readBox: (box, options) => read((volume) => volume.readBox(box, options)),
    // The terms are closed by those who opened them.
    async close() {}
  }
}
