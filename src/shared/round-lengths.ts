/** Lengths and numbers a person reads at a glance, for scale bars and ticks. */

/** The largest of …, 1, 2, 5, 10, 20, 50, … that is not above `value`, which is positive. */
export function roundDown125(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value) + 1e-12)
  const mantissa = value / power
  const step = mantissa >= 5 - 1e-9 ? 5 : mantissa >= 2 - 1e-9 ? 2 : 1
  return plain(step * power)
}

/** A length in the unit a microscopist would use: Å below 1 nm, nm below 1 µm, then µm. */
export function formatLength(angstrom: number): string {
  if (angstrom < 10) return `${plain(angstrom)} Å`
  if (angstrom < 10_000) return `${plain(angstrom / 10)} nm`
  return `${plain(angstrom / 10_000)} µm`
}

/** Without the last digits that binary arithmetic leaves: 0.3, not 0.30000000000000004. */
export function plain(value: number): number {
  return Number(value.toPrecision(12))
}
