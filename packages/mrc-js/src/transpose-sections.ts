import { toFileOrder } from './encode-voxels.ts'
import { encodeVoxels } from './encode-voxels.ts'
import type { WritableDtype } from './encode-voxels.ts'
import { machineByteOrder } from './byte-order.ts'
import type { ByteOrder } from './byte-order.ts'
import type { ByteSource } from './byte-source.ts'
import type { Box } from './box.ts'
import type { AxisOrder } from './interpret.ts'
import type { Xyz } from './interpret-cell.ts'
import { rowByteLength } from './mode.ts'
import type { OutputFile } from './output-file.ts'
import { readBox } from './read-box.ts'

/** float32 voxels held at once while axes are turned: 64 MiB. */
const blockVoxels = 16 * 1024 * 1024

export interface TransposeOptions {
  size: Xyz
  dtype: WritableDtype
  /** Axis order of the result. */
  axisOrder: AxisOrder
  /** Byte order of the result. */
  byteOrder: ByteOrder
  /** Where the voxels of the result begin. */
  dataOffset: number
}

/**
 * Copies voxels that lie in `from` as z sections from byte 0 on, in the machine's byte order, to `to` with its axes in another order, a few
 * file sections at a time. Stored values pass unchanged: each type's values survive float32.
 */
export async function transposeInto(from: OutputFile, to: OutputFile, options: TransposeOptions): Promise<void> {
  const { size, dtype, axisOrder, byteOrder, dataOffset } = options
  const names = ['x', 'y', 'z'] as const
  const [column, row, section] = axisOrder.map((axis) => names[axis - 1])
  const source: ByteSource = {
    size: Infinity,
    name: to.path,
    readInto: (target, offset) => from.read(target, offset),
    async read(offset, length) {
      const bytes = new Uint8Array(length)
      return bytes.subarray(0, await from.read(bytes, offset))
    },
    async close() {}
  }
  const layout = {
    dtype,
    byteOrder: machineByteOrder,
    columns: size.x,
    rows: size.y,
    sections: size.z,
    readableSections: size.z,
    axisOrder: [1, 2, 3] as const,
    dataOffset: 0
  }
  const sectionVoxels = size[column] * size[row]
  const sectionBytes = rowByteLength(dtype, size[column]) * size[row]
  const depth = Math.max(1, Math.min(size[section], Math.floor(blockVoxels / sectionVoxels)))
  const turned = new Float32Array(sectionVoxels)
  const encoded = new Uint8Array(Math.ceil(sectionBytes / 4) * 4)
  const bytes = encoded.subarray(0, sectionBytes)
  for (let first = 0; first < size[section]; first += depth) {
    const end = Math.min(size[section], first + depth)
    const box: Box = { x: [0, size.x], y: [0, size.y], z: [0, size.z] }
    box[section] = [first, end]
    const block = await readBox(source, layout, box, { x: 1, y: 1, z: 1 }, {})
    const width = box.x[1] - box.x[0]
    const steps = { x: 1, y: width, z: width * (box.y[1] - box.y[0]) }
    for (let s = first; s < end; s++) {
      let i = 0
      for (let r = 0; r < size[row]; r++) {
        let at = (s - first) * steps[section] + r * steps[row]
        for (let c = 0; c < size[column]; c++, at += steps[column]) turned[i++] = block[at]
      }
      encodeVoxels(turned, dtype, size[column], encoded)
      toFileOrder(bytes, dtype, byteOrder)
      await to.write(bytes, dataOffset + s * sectionBytes)
    }
  }
}
