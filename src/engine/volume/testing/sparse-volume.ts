import { open, stat, statfs } from 'node:fs/promises'
import { encodeHeader, headerByteLength } from 'mrc-js'
import type { Plane, XYZ } from '../../../shared/axes.ts'
import { planeAxes } from '../../../shared/axes.ts'

/** A file of many gigabytes for tests: zeros that take no room on the disk, but for some rows of known values. */
export interface SparseVolume {
  path: string
  size: XYZ
  type: 'int16' | 'float32'
  /** Rows along x that are not zero, by `z * size.y + y`. */
  rows: ReadonlySet<number>
}

/** The value of a voxel in such a row. */
export function markedValue(x: number, y: number, z: number): number {
  return ((x * 7 + y * 13 + z * 29) % 2001) - 900
}

export function valueAt({ size, rows }: SparseVolume, x: number, y: number, z: number): number {
  return rows.has(z * size.y + y) ? markedValue(x, y, z) : 0
}

/** Whole numbers below `below` that look random and are the same every time. */
export function picks(seed: number, count: number, below: number): number[] {
  let state = seed >>> 0
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  })
}

/** Writes the file. Throws where the disk has too little room, or keeps no sparse files. */
export async function writeSparseVolume(
  folder: string,
  name: string,
  size: XYZ,
  type: SparseVolume['type'],
  seed: number
): Promise<SparseVolume> {
  const { bavail, bsize } = await statfs(folder)
  const neededBytes = 2 * 2 ** 30
  if (bavail * bsize < neededBytes) {
    throw new Error(
      `The large-file test needs 2 GiB free in ${folder}, and ${Math.floor((bavail * bsize) / 2 ** 20)} MiB are.`
    )
  }
  const path = `${folder}/${name}`
  const bytesPerVoxel = type === 'int16' ? 2 : 4
  const rows = new Set([0, size.y * size.z - 1, ...picks(seed, 1500, size.y * size.z)])
  const handle = await open(path, 'wx')
  try {
    await handle.truncate(headerByteLength + size.x * size.y * size.z * bytesPerVoxel)
    await handle.write(headerOf(size, type), 0, headerByteLength, 0)
    for (const row of rows) {
      const [y, z] = [row % size.y, Math.floor(row / size.y)]
      const values = Array.from({ length: size.x }, (_, x) => markedValue(x, y, z))
      const bytes = new Uint8Array((type === 'int16' ? Int16Array.from(values) : Float32Array.from(values)).buffer)
      await handle.write(bytes, 0, bytes.length, headerByteLength + row * size.x * bytesPerVoxel)
    }
  } finally {
    await handle.close()
  }
  const { blocks } = await stat(path)
  if (blocks * 512 > neededBytes / 4) {
    throw new Error(
      `${folder} keeps no sparse files: ${path} takes ${Math.floor((blocks * 512) / 2 ** 20)} MiB on the disk.`
    )
  }
  return { path, size, type, rows }
}

function headerOf(size: XYZ, type: SparseVolume['type']): Uint8Array {
  const { x: nx, y: ny, z: nz } = size
  return encodeHeader(
    {
      nx,
      ny,
      nz,
      mode: type === 'int16' ? 1 : 2,
      nxstart: 0,
      nystart: 0,
      nzstart: 0,
      mx: nx,
      my: ny,
      mz: nz,
      cella: { x: 10 * nx, y: 10 * ny, z: 10 * nz },
      cellb: { alpha: 90, beta: 90, gamma: 90 },
      mapc: 1,
      mapr: 2,
      maps: 3,
      dmin: 0,
      dmax: -1,
      dmean: -2,
      ispg: 1,
      nsymbt: 0,
      extra: new Uint8Array(100),
      exttyp: '',
      nversion: 20141,
      imodStamp: 0,
      imodFlags: 0,
      origin: { x: 0, y: 0, z: 0 },
      map: 'MAP ',
      machst: [0x44, 0x44, 0, 0],
      rms: -1,
      nlabl: 0,
      label: []
    },
    'little'
  )
}

/** How many voxels of a slice are not what the file holds. */
export function wrongVoxels(volume: SparseVolume, plane: Plane, index: number, data: Float32Array): number {
  const { size } = volume
  const { row, column, normal } = planeAxes[plane]
  let wrong = 0
  const at: XYZ = { x: 0, y: 0, z: 0 }
  at[normal] = index
  for (let r = 0, i = 0; r < size[row]; r++) {
    for (let c = 0; c < size[column]; c++, i++) {
      at[row] = r
      at[column] = c
      if (data[i] !== valueAt(volume, at.x, at.y, at.z)) wrong++
    }
  }
  return wrong
}
