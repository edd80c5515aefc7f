import type { Box } from '../../shared/axes.ts'

/** 256^3: what a picture of this size can show. */
export const blockVoxels = 1 << 24
const littleMemoryVoxels = 1 << 21
/** 512^3, in full detail: 256 MiB of codes, 512 MiB of floats. Textures of 1 GiB lose the graphics context. */
export const fullVoxels = 1 << 27
/** For all members of a family together: they are drawn one after the other without being read again. */
export const familyBytes = 1 << 29

/** A part of a volume, and how many voxels of it: null is all of it. */
export interface BlockRequest {
  volumeId: string
  revision: number
  box: Box | null
  limit: number
  /** Floats, never codes. */
  exact?: boolean
}

/** At most so many voxels are drawn where nobody asked for more; fewer on a computer with 2 GiB of memory or less. */
export function automaticVoxels(): number {
  const { deviceMemory = 8 } = navigator as { deviceMemory?: number }
  return deviceMemory <= 2 ? littleMemoryVoxels : blockVoxels
}

/** Voxels that each of so many members may have: all fit into `familyBytes`. */
export function memberVoxels(members: number): number {
  return Math.min(blockVoxels, Math.floor(familyBytes / 4 / Math.max(1, members)))
}
