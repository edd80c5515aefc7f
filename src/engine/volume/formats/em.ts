import { openFileSource, openRawVolume } from 'mrc-js'
import type { ByteOrder, ByteSource, VoxelDtype } from 'mrc-js'
import { WedgeviewError } from '../../../shared/errors.ts'
import { refused } from '../mrc-volume.ts'
import { modeOfDtype } from './volume-file.ts'
import type { FileRepair, OpenFileOptions, VolumeFile } from './volume-file.ts'

const headerBytes = 512
const commentOffset = 16
const commentBytes = 80
/** The seventh of forty parameters: pixel size in the object times 1000. */
const pixelSizeOffset = 96 + 4 * 6

/** Types by the code in byte 3 (Hegerl 1996, J. Struct. Biol. 116). */
const dtypes: Record<number, VoxelDtype> = {
  1: 'int8',
  2: 'int16',
  4: 'int32',
  5: 'float32',
  8: 'complex-float32',
  9: 'float64'
}

/** Machine codes of byte 0. 6 is a PC, 1 a VAX; all others were big-endian. */
const littleEndianMachines = [1, 6]

interface EmHeader {
  byteOrder: ByteOrder
  dtype: VoxelDtype
  columns: number
  rows: number
  sections: number
  comment: string
  pixelSize: number
  lyingMachine: boolean
}

/** Reads an EM header, or undefined when the bytes are not one that fits a file of this length. */
export function decodeEmHeader(bytes: Uint8Array, fileBytes: number): EmHeader | undefined {
  if (bytes.length < headerBytes) return undefined
  const dtype = dtypes[bytes[3]] as VoxelDtype | undefined
  if (dtype === undefined || bytes[0] > 6) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const claimed: ByteOrder = littleEndianMachines.includes(bytes[0]) ? 'little' : 'big'
  const voxelBytes = { int8: 1, int16: 2, 'complex-float32': 8, float64: 8 }[dtype as string] ?? 4
  for (const byteOrder of [claimed, claimed === 'little' ? 'big' : 'little'] satisfies ByteOrder[]) {
    const little = byteOrder === 'little'
    const [columns, rows, sections] = [4, 8, 12].map((offset) => view.getInt32(offset, little))
    if (columns < 1 || rows < 1 || sections < 1) continue
    if (headerBytes + columns * rows * sections * voxelBytes !== fileBytes) continue
    const comment = String.fromCharCode(...bytes.subarray(commentOffset, commentOffset + commentBytes))
    return {
      byteOrder,
      dtype,
      columns,
      rows,
      sections,
      comment: comment.split('\0', 1)[0].trim(),
      pixelSize: view.getInt32(pixelSizeOffset, little) / 1000,
      lyingMachine: byteOrder !== claimed
    }
  }
  return undefined
}

/**
 * An EM file (TOM toolbox, PyTom, Dynamo) as a VolumeFile.
 *
 * @throws WedgeviewError input: `not-em`, and `mrc-not-found` and the like where the file can't be opened
 */
export async function openEmFile(path: string, options: OpenFileOptions = {}): Promise<VolumeFile> {
  const source = await refused(openFileSource(path, { blocking: options.blocking ?? false }))
  try {
    const header = decodeEmHeader(await source.read(0, headerBytes, options.signal), source.size)
    if (!header) {
      throw new WedgeviewError(
        'input',
        'not-em',
        `${path} is not an EM file: its first 512 bytes are not an EM header that fits its ${source.size} bytes.`,
        'Check that the file was copied completely.'
      )
    }
    return emFile(source, header)
  } catch (error) {
    await source.close()
    throw error
  }
}

function emFile(source: ByteSource, header: EmHeader): VolumeFile {
  const reader = openRawVolume(source, { ...header, dataOffset: headerBytes })
  const repairs: FileRepair[] = []
  if (header.lyingMachine) {
    repairs.push({
      code: 'byte-order',
      message: `The machine code names the other byte order [${header.byteOrder}-endian, from the size].`,
      severity: 'repair'
    })
  }
  const known = header.pixelSize > 0
  if (known) {
    repairs.push({
      code: 'voxel-unit',
      message: `The pixel size ${header.pixelSize} is read as angstrom, as the TOM toolbox writes it; EM files don't name the unit.`,
      severity: 'note'
    })
  }
  return {
    ...reader,
    format: 'em',
    mode: header.dtype === 'complex-float32' ? 4 : modeOfDtype(header.dtype),
    dtype: header.dtype,
    byteOrder: header.byteOrder,
    voxelSizeAngstrom: known ? { x: header.pixelSize, y: header.pixelSize, z: header.pixelSize } : null,
    origin: { x: 0, y: 0, z: 0 },
    start: { x: 0, y: 0, z: 0 },
    axisOrder: [1, 2, 3],
    isVolumeStack: false,
    extendedHeader: { type: '', bytes: 0 },
    labels: header.comment === '' ? [] : [header.comment],
    repairs,
    compressed: 'none',
    pyramid: [],
    readSlice: (...parameters) => refused(reader.readSlice(...parameters)),
    readBox: (...parameters) => refused(reader.readBox(...parameters)),
    statistics: (...parameters) => refused(reader.statistics(...parameters)),
    close: () => source.close()
  }
}
