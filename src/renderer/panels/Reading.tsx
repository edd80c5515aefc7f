import type { TipAttributes } from '../controls/tip.ts'

interface ReadingProps extends Partial<TipAttributes> {
  name: string
  label: string
  value: number | null
  format(value: number): string
}

/** One number of the read-out; as wide as its longest, so that the ones after it keep their place while the pointer moves. */
export function Reading({ name, label, value, format, ...tipAttributes }: ReadingProps) {
  return (
    <span className="readout" data-readout={name} data-exact={value ?? ''} {...tipAttributes}>
      <span className="readout-name">{label}</span>{' '}
      <span className="readout-number">{value === null ? '–' : format(value)}</span>
    </span>
  )
}
