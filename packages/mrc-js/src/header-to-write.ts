import type { ByteOrder } from './byte-order.ts'
import { MrcError } from './error.ts'
import { labelLimit } from './header.ts'
import type { MrcHeader } from './header.ts'
import type { AxisOrder } from './interpret.ts'
import type { CreateOptions } from './write-mrc.ts'

const largestInt32 = 2 ** 31 - 1

const stamps: Record<ByteOrder, readonly [number, number, number, number]> = {
  little: [0x44, 0x44, 0, 0],
  big: [0x11, 0x11, 0, 0]
}

/** The header of a file to be written, without statistics. Throws MrcError bad-option for what no header can say. */
export function headerToWrite(options: CreateOptions, axisOrder: AxisOrder): MrcHeader {
  checkOptions(options, axisOrder)
  const { size, voxelSizeAngstrom: voxel } = options
  const start = options.start ?? { x: 0, y: 0, z: 0 }
  const names = ['x', 'y', 'z'] as const
  const [nx, ny, nz] = axisOrder.map((axis) => size[names[axis - 1]])
  const [nxstart, nystart, nzstart] = axisOrder.map((axis) => start[names[axis - 1]])
  const labels = (options.labels ?? []).slice(-labelLimit)
  const mz = options.sectionsPerVolume ?? size.z
  return {
    nx,
    ny,
    nz,
    mode: options.mode,
    nxstart,
    nystart,
    nzstart,
    mx: size.x,
    my: size.y,
    mz,
    cella: voxel ? { x: voxel.x * size.x, y: voxel.y * size.y, z: voxel.z * mz } : { x: 0, y: 0, z: 0 },
    cellb: { alpha: 90, beta: 90, gamma: 90 },
    mapc: axisOrder[0],
    mapr: axisOrder[1],
    maps: axisOrder[2],
    dmin: 0,
    dmax: -1,
    dmean: -2,
    ispg: options.spaceGroup ?? 1,
    nsymbt: options.extendedHeader?.bytes.length ?? 0,
    extra: new Uint8Array(100),
    exttyp: (options.extendedHeader?.type ?? '').slice(0, 4),
    nversion: 20141,
    imodStamp: 0,
    imodFlags: 0,
    origin: options.origin ?? { x: 0, y: 0, z: 0 },
    map: 'MAP ',
    machst: stamps[options.byteOrder ?? 'little'],
    rms: -1,
    nlabl: labels.length,
    label: labels.map((label) => label.slice(0, 80).padEnd(80))
  }
}

function checkOptions(options: CreateOptions, axisOrder: AxisOrder): void {
  const { size, voxelSizeAngstrom: voxel } = options
  const whole = (value: number, least: number): boolean =>
    Number.isInteger(value) && value >= least && value <= largestInt32
  if (![size.x, size.y, size.z].every((n) => whole(n, 1))) {
    throw new MrcError(
      'bad-option',
      `The size ${size.x} x ${size.y} x ${size.z} is not possible.`,
      'Use whole numbers >= 1.'
    )
  }
  if (voxel && ![voxel.x, voxel.y, voxel.z].every((length) => Number.isFinite(length) && length > 0)) {
    throw new MrcError(
      'bad-option',
      `The voxel size ${voxel.x}, ${voxel.y}, ${voxel.z} angstrom is not possible.`,
      'Use positive numbers, or null when it is not known.'
    )
  }
  if ([...axisOrder].sort().join() !== '1,2,3') {
    throw new MrcError('bad-option', `The axis order ${axisOrder.join(', ')} is not one.`, 'Use 1, 2, 3 in any order.')
  }
  const { start } = options
  if (start && ![start.x, start.y, start.z].every((n) => whole(n, -largestInt32 - 1))) {
    throw new MrcError('bad-option', 'The start indices are not whole numbers of 32 bits.', 'Use whole numbers.')
  }
  const perVolume = options.sectionsPerVolume
  if (perVolume !== undefined && (!whole(perVolume, 1) || size.z % perVolume !== 0)) {
    throw new MrcError(
      'bad-option',
      `${size.z} sections can't be volumes of ${perVolume} sections.`,
      'Use a divisor of the number of sections.'
    )
  }
}
