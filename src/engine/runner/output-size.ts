import { methods, type MethodId } from '../../shared/methods.ts'
import type { Settings } from '../../shared/settings.ts'

const bytesPerVoxel = 4
/** Mean, SD, variance, wedge variance, measured variance, wedge share. */
const familyMapCount = 6

/** How many maps a run leaves, at most: where chains diverged, or a tile had one left, there is no R-hat. */
export function outputMaps(
  method: MethodId,
  { members, threshold, chains }: Pick<Settings, 'members' | 'threshold' | 'chains'>
): number {
  if (!methods[method].family) return 1
  const rHat = method === 'cryowgen-2' && chains > 1 ? 1 : 0
  return familyMapCount + members + (threshold === null ? 0 : 1) + rHat
}

/** Bytes of the float32 maps that a run leaves, headers aside. */
export function outputBytes(method: MethodId, settings: Settings, voxels: number): number {
  return outputMaps(method, settings) * voxels * bytesPerVoxel
}
