import { methods, type MethodId } from '../../shared/methods.ts'
import type { Settings } from '../../shared/settings.ts'

const bytesPerVoxel = 4
/** Mean, SD, variance, wedge variance, measured variance, wedge share. */
const familyMapCount = 6

/** Bytes of the float32 maps that a run leaves, headers aside. */
export function outputBytes(method: MethodId, settings: Settings, voxels: number): number {
  const threshold = settings.threshold === null ? 0 : 1
  const maps = methods[method].family ? familyMapCount + settings.members + threshold : 1
  return maps * voxels * bytesPerVoxel
}
