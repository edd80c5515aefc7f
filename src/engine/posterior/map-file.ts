import { boxSize, type Box } from '../../shared/axes.ts'
import type { MethodId } from '../../shared/methods.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import { createVolumeWriter, writeVolume } from '../volume/write-volume.ts'
import { regionPosition } from './region-position.ts'
import type { RunMap } from './run-maps.ts'
import type { OpenMap, WriteMap } from './run-folder.ts'

export interface MapLabel {
  version: string
  method: MethodId
  gamma: number
  seed: number
}

const labelLength = 80

/** The MRC label of cli.md: program, what the map is, method, gamma and seed. At most 80 characters. */
export function mapLabel(role: RunMap['role'], { version, method, gamma, seed }: MapLabel): string {
  return `wedgeview ${version} ${role} ${method} gamma ${gamma} seed ${seed}`.slice(0, labelLength)
}

/**
 * Writes maps of one region as float32 MRC files with the tomogram's voxel size, axis order and labels, its origin and start
 * indices moved to the region, and true statistics.
 */
export function mapWriter(info: VolumeInfo, roi: Box, label: MapLabel): WriteMap {
  const like = { ...info, ...regionPosition(info, roi) }
  return async (path, map) => {
    await writeVolume(path, map.values, boxSize(roi), like, [mapLabel(map.role, label)])
  }
}

/** As mapWriter, for maps that come some sections at a time. */
export function mapOpener(info: VolumeInfo, roi: Box, label: MapLabel): OpenMap {
  const like = { ...info, ...regionPosition(info, roi) }
  return (path, role) => createVolumeWriter(path, boxSize(roi), like, [mapLabel(role, label)])
}
