import type { XYZ } from '../../shared/axes.ts'

/** A grey value with as many digits as help to read it. */
export function formatValue(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return minus(value.toExponential(3))
  const digits = size >= 1000 ? 1 : size >= 100 ? 2 : size >= 1 ? 3 : 4
  return minus(value.toFixed(digits))
}

/** A number for a text field: short, and read back as (nearly) the same number. */
export function formatForField(value: number): string {
  if (!Number.isFinite(value)) return ''
  return String(Number(value.toPrecision(5)))
}

/** Position of a voxel's middle, counted from the middle of voxel 0, in nm. */
export function positionNm(voxel: XYZ, voxelSizeAngstrom: XYZ): XYZ {
  return {
    x: (voxel.x * voxelSizeAngstrom.x) / 10,
    y: (voxel.y * voxelSizeAngstrom.y) / 10,
    z: (voxel.z * voxelSizeAngstrom.z) / 10
  }
}

export function formatSeconds(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'unknown'
  if (seconds < 1) return 'under 1 s'
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = seconds / 60
  if (minutes < 90) return `${Math.round(minutes)} min`
  const hours = minutes / 60
  return hours < 36 ? `${hours.toFixed(1)} h` : `${(hours / 24).toFixed(1)} days`
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  return `${value >= 10 || unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`
}

export function formatPercent(fraction: number): string {
  return `${(fraction * 100).toFixed(1)} %`
}

/** Digits that a tabular column keeps aligned, with a true minus sign. */
export function minus(text: string): string {
  return text.replace('-', '−')
}
