import { stat } from 'node:fs/promises'
import { open, root } from 'zarrita'
import type { Array as ZarrArray, DataType } from 'zarrita'
import type { Xyz } from 'mrc-js'
import { WedgeviewError } from '../../../shared/errors.ts'
import { decodeMultiscale } from './zarr-metadata.ts'
import type { Multiscale } from './zarr-metadata.ts'
import { ChunkCache, readChunks } from './zarr-chunks.ts'
import { FolderStore } from './zarr-store.ts'
import { modeOfDtype, voxelReaderOf } from './volume-file.ts'
import type { FileRepair, OpenFileOptions, PyramidLevel, VolumeFile } from './volume-file.ts'

/** Decoded chunks kept for the next slice. */
const chunkCacheBytes = 128 << 20

interface Level extends PyramidLevel {
  readonly dtype: string
}

/**
 * A local OME-Zarr folder (0.4 on Zarr 2, 0.5 on Zarr 3) as a VolumeFile with its own pyramid. Of several channels or time points the
 * first is read, and said so.
 *
 * @throws WedgeviewError input: `not-zarr`, `zarr-unsupported`
 */
export async function openZarrFolder(path: string, options: OpenFileOptions = {}): Promise<VolumeFile> {
  const store = new FolderStore(path)
  const group = await notZarr(path, open(root(store), { kind: 'group', signal: options.signal }), options)
  const multiscale = decodeMultiscale(path, group.attrs)
  const cache = new ChunkCache(chunkCacheBytes)
  const levels: Level[] = []
  for (const dataset of multiscale.datasets) {
    const location = group.resolve(dataset.path)
    const array = await notZarr(path, open(location, { kind: 'array', signal: options.signal }), options)
    levels.push(levelOf(path, array, multiscale, dataset.voxelSizeAngstrom, cache))
  }
  const [finest, ...pyramid] = levels
  const { dtype } = finest
  return {
    ...finest,
    format: 'ome-zarr',
    mode: modeOfDtype(dtype),
    byteOrder: 'little',
    origin: multiscale.datasets[0].translationAngstrom,
    start: { x: 0, y: 0, z: 0 },
    axisOrder: [1, 2, 3],
    isVolumeStack: false,
    extendedHeader: { type: '', bytes: 0 },
    labels: multiscale.name === '' ? [] : [multiscale.name],
    repairs: repairsOf(multiscale, await open(group.resolve(multiscale.datasets[0].path), { kind: 'array' })),
    compressed: 'none',
    pyramid,
    async close() {
      cache.clear()
    }
  }
}

function levelOf(
  path: string,
  array: ZarrArray<DataType>,
  multiscale: Multiscale,
  voxelSizeAngstrom: Xyz | null,
  cache: ChunkCache
): Level {
  if (array.shape.length !== multiscale.axes.length || array.shape.some((length) => length < 1)) {
    throw new WedgeviewError(
      'input',
      'zarr-unsupported',
      `${path}: the array ${array.path} has the shape ${array.shape.join(' x ')}, but the axes are ${multiscale.axes.join(', ')}.`,
      'Write the volume again as OME-Zarr 0.4 or 0.5.'
    )
  }
  if (!(array.is('number') || array.is('bigint'))) {
    throw new WedgeviewError(
      'input',
      'zarr-unsupported',
      `${path}: the array ${array.path} holds ${array.dtype}, not numbers.`,
      'Choose a volume of numbers.'
    )
  }
  const along = (name: string): number => {
    const axis = multiscale.axes.indexOf(name)
    return axis < 0 ? 1 : array.shape[axis]
  }
  const size = { x: along('x'), y: along('y'), z: along('z') }
  const reader = voxelReaderOf(path, size, (box, stride, signal) =>
    readChunks(path, array, multiscale.axes, box, stride, cache, signal)
  )
  return { ...reader, voxelSizeAngstrom, dtype: array.dtype }
}

function repairsOf(multiscale: Multiscale, array: ZarrArray<DataType>): FileRepair[] {
  const repairs: FileRepair[] = []
  const others = multiscale.axes.flatMap((name, axis) =>
    'xyz'.includes(name) || array.shape[axis] === 1 ? [] : [`${array.shape[axis]} along ${name}`]
  )
  if (others.length > 0) {
    repairs.push({
      code: 'first-of-several',
      message: `The array holds ${others.join(' and ')} [the first is read].`,
      severity: 'note'
    })
  }
  if (multiscale.datasets[0].voxelSizeAngstrom === null) {
    repairs.push({
      code: 'cell-unknown',
      message: 'The axes have no unit of length [voxel size unknown].',
      severity: 'note'
    })
  }
  return repairs
}

async function notZarr<T>(path: string, work: Promise<T>, options: OpenFileOptions): Promise<T> {
  try {
    return await work
  } catch (error) {
    options.signal?.throwIfAborted()
    const folder = await stat(path).then(
      (status) => status.isDirectory(),
      () => false
    )
    const reason = error instanceof Error ? error.message : String(error)
    throw new WedgeviewError(
      'input',
      'not-zarr',
      folder ? `The folder ${path} is not a readable OME-Zarr volume: ${reason}.` : `There is no folder ${path}.`,
      'Choose the folder that holds zarr.json or .zgroup, or an MRC, EM or TIFF file.',
      { cause: error }
    )
  }
}
