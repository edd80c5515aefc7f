import { methods, type MethodId } from '../../shared/methods.ts'
import type { Settings } from '../../shared/settings.ts'

const bytesPerVoxel = 4
/** Mean, SD, variance, wedge variance, measured variance, wedge share. */
const familyMapCount = 6

/** How many maps a run leaves. */
export function outputMaps(method: MethodId, { members, threshold }: Pick<Settings, 'members' | 'threshold'>): number {
  return methods[method].family ? familyMapCount + members + (threshold === null ? 0 : 1) : 1
}

/** Bytes of the float32 maps that a run leaves, headers aside. */
export function outputBytes(method: MethodId, settings: Settings, voxels: number): number {
  return outputMaps(method, settings) * voxels * bytesPerVoxel
}
