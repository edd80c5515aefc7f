/** Round numbers inside a range, about `count` of them: multiples of 1, 2 or 5 times a power of ten. */
export function niceLevels({ low, high }: { low: number; high: number }, count = 4): number[] {
  const span = high - low
  if (!(span > 0) || !Number.isFinite(span)) return []
  const rough = span / (count + 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough * (1 - 1e-9)) ?? 10 * power
  const levels: number[] = []
  for (let i = Math.ceil((low + span * 1e-6) / step); i * step < high - span * 1e-6; i++)
    levels.push(Number((i * step).toPrecision(12)))
  return levels
}

/** Levels as a person types them, `4, 6.5, 10`; null where one is no number. Ascending, each once. */
export function parseLevels(text: string): number[] | null {
  const parts = text
    .split(/[;\s]+|,(?=\s|$)|,(?=\S)/)
    .map((part) => part.trim().replace('−', '-'))
    .filter((part) => part !== '')
  const levels = parts.map(Number)
  if (!levels.every(Number.isFinite)) return null
  return [...new Set(levels)].sort((a, b) => a - b)
}
