import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { boxSize, toZYX, wholeBox } from '../../shared/axes.ts'
import type { Axis, Box, XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Statistics } from '../../shared/volumes.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { createWedgeOperator } from '../wedge/operator.ts'
import { withoutGaps } from './filters/gaussian.ts'
import type { ScanOptions, Volume } from './volume.ts'
import { voxelCount } from './volume.ts'
import { createVolumeWriter } from './write-volume.ts'

/** Voxels filtered at once: 64 MiB as float32. */
const usualSlabVoxels = 1 << 24
/** Filtering is most of the work. */
const filterShare = 0.8

/** A slab perpendicular to the tilt axis, and where it lies in the intermediate file. */
interface Slab {
  box: Box
  size: XYZ
  byteOffset: number
}

/**
 * Writes T_M(volume), method.md section 2, as a float32 MRC file. T_M works on planes perpendicular to the tilt axis and a file is written by z
 * sections, so the filtered slabs go through an intermediate file beside the result: memory stays small at any size. Voxels that are not
 * finite count as the mean of their slab.
 *
 * @throws WedgeviewError job: `mrc-disk-full`, `mrc-write-failed`; the signal's reason
 */
export async function applyWedge(
  volume: Volume,
  wedge: Wedge,
  outPath: string,
  label: string,
  options: ScanOptions & { slabVoxels?: number } = {}
): Promise<Statistics> {
  const { signal = new AbortController().signal, onProgress, slabVoxels = usualSlabVoxels } = options
  const { info } = volume
  const slabs = slabsOf(info.size, wedge.tiltAxis, slabVoxels)
  const intermediate = `${outPath}.slabs-${process.pid}`
  const handle = await open(intermediate, 'w+').catch((error: unknown) => {
    throw notWritten(outPath, error)
  })
  try {
    let operator = createWedgeOperator(wedge, toZYX(slabs[0].size))
    for (const [done, { box, size, byteOffset }] of slabs.entries()) {
      signal.throwIfAborted()
      const { values } = withoutGaps(await volume.readBox(box, { signal }))
      if (operator.size.join() !== toZYX(size).join()) operator = createWedgeOperator(wedge, toZYX(size))
      const filtered = operator.apply(values)
      await writeAll(handle, filtered, byteOffset, outPath)
      onProgress?.((filterShare * (done + 1)) / slabs.length)
    }
    const writer = await createVolumeWriter(outPath, info.size, info, [label])
    try {
      for (let z = 0; z < info.size.z; z++) {
        signal.throwIfAborted()
        await writer.write(await sectionFrom(handle, slabs, info.size, z))
        onProgress?.(filterShare + ((1 - filterShare) * (z + 1)) / info.size.z)
      }
      return await writer.finish()
    } catch (error) {
      await writer.abort()
      throw error
    }
  } finally {
    await handle.close()
    await rm(intermediate, { force: true })
  }
}

function slabsOf(size: XYZ, tiltAxis: Axis, slabVoxels: number): Slab[] {
  const thickness = Math.max(1, Math.floor(slabVoxels / (voxelCount(size) / size[tiltAxis])))
  const slabs: Slab[] = []
  let byteOffset = 0
  for (let from = 0; from < size[tiltAxis]; from += thickness) {
    const box: Box = { ...wholeBox(size), [tiltAxis]: [from, Math.min(size[tiltAxis], from + thickness)] }
    slabs.push({ box, size: boxSize(box), byteOffset })
    byteOffset += 4 * voxelCount(boxSize(box))
  }
  return slabs
}

/** One z section, put together from every slab that crosses it; within a slab it lies in one piece. */
async function sectionFrom(
  handle: FileHandle,
  slabs: readonly Slab[],
  { x: nx, y: ny }: XYZ,
  z: number
): Promise<Float32Array> {
  const section = new Float32Array(nx * ny)
  for (const { box, size, byteOffset } of slabs) {
    if (z < box.z[0] || z >= box.z[1]) continue
    const part = new Float32Array(size.x * size.y)
    await readAll(handle, part, byteOffset + (z - box.z[0]) * part.byteLength)
    for (let y = 0; y < size.y; y++)
      section.set(part.subarray(y * size.x, (y + 1) * size.x), (box.y[0] + y) * nx + box.x[0])
  }
  return section
}

async function readAll(handle: FileHandle, values: Float32Array, position: number): Promise<void> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, position + at)
    if (bytesRead === 0) throw new RangeError('the intermediate file is shorter than what was written to it')
    at += bytesRead
  }
}

async function writeAll(handle: FileHandle, values: Float32Array, position: number, outPath: string): Promise<void> {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  try {
    for (let at = 0; at < bytes.length;) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at)
      at += bytesWritten
    }
  } catch (error) {
    throw notWritten(outPath, error)
  }
}

function notWritten(path: string, error: unknown): WedgeviewError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  const full = code === 'ENOSPC' || code === 'EDQUOT'
  return new WedgeviewError(
    'job',
    full ? 'mrc-disk-full' : 'mrc-write-failed',
    `${path} can't be written${code ? ` (${code})` : ''}.`,
    full
      ? 'Free some space: twice the size of the result is needed for a while.'
      : 'Check the folder and its permissions.',
    { cause: error }
  )
}
