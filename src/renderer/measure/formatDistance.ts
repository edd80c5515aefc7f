import type { lengthOf } from './measurements.ts'

type Length = ReturnType<typeof lengthOf>

const digits = (value: number): string => value.toFixed(value < 10 ? 2 : 1)

export function formatVoxels({ voxels }: Length): string {
  return `${digits(voxels)} voxels`
}

/** In nm, or in voxels where their size is unknown. */
export function formatDistance(length: Length): string {
  return length.nm === null ? formatVoxels(length) : `${digits(length.nm)} nm`
}
