import type { OpenVolume } from '../../shared/volumes.ts'

/** A volume for tests of the stores: 94 x 206 x 36 voxels of 10 x 10 x 20 Angstrom. */
export function testVolume(id: string, edit: Partial<OpenVolume> = {}): OpenVolume {
  return {
    id,
    name: id,
    info: {
      path: `/data/${id}.mrc`,
      format: 'mrc',
      mode: 1,
      dtype: 'int16',
      byteOrder: 'little',
      size: { x: 94, y: 206, z: 36 },
      voxelSizeAngstrom: { x: 10, y: 10, z: 20 },
      origin: { x: 0, y: 0, z: 0 },
      start: { x: 0, y: 0, z: 0 },
      axisOrder: [1, 2, 3],
      isVolumeStack: false,
      extendedHeader: { type: '', bytes: 0 },
      labels: [],
      tilt: null,
      repairs: [],
      compressed: 'none'
    },
    contrast: { low: 10, high: 110 },
    region: null,
    role: null,
    runId: null,
    revision: 0,
    quantity: 'grey value',
    ...edit
  }
}
