/** Logarithmic axes of powers. */

/** The decades that an axis spans for some values; at most six, from the top. Values that are not above zero have no place on it. */
export function decadesOf(values: readonly number[]): { low: number; high: number } | null {
  const logs = values.filter((value) => value > 0 && Number.isFinite(value)).map((value) => Math.log10(value))
  if (logs.length === 0) return null
  const high = Math.ceil(Math.max(...logs) + 0.02)
  return { low: Math.max(Math.floor(Math.min(...logs)), high - 6), high }
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹'

/** Power of ten as people write it. */
export function decadeLabel(exponent: number): string {
  if (exponent === 0) return '1'
  if (exponent === 1) return '10'
  const digits = [...String(Math.abs(exponent))].map((digit) => superscripts[Number(digit)]).join('')
  return `10${exponent < 0 ? '⁻' : ''}${digits}`
}
