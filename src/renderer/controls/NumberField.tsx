import { useState, type KeyboardEvent } from 'react'
import type { TipAttributes } from './tip.ts'

export interface NumberFieldProps {
  label: string
  value: number | null
  /** Called with what was typed once it is complete; null when the field was emptied and may be. */
  onCommit(value: number | null): void
  unit?: string
  min?: number
  max?: number
  step?: number
  integer?: boolean
  /** Shown while empty: the value that will be used. */
  placeholder?: string
  emptyAllowed?: boolean
  /** Shows the label as text before the field. */
  labelled?: boolean
  /** Digits kept when the value is shown. */
  format?: (value: number) => string
  disabled?: boolean
  tipAttributes?: TipAttributes
  className?: string
}

const plain = (value: number): string => String(Number(value.toPrecision(6)))

/** A typed number: Enter or leaving commits, Escape restores, arrow keys step. What can't be is marked and not taken. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, onCommit, unit, min, max, integer = false, placeholder, disabled, tipAttributes } = props
  const format = props.format ?? plain
  const [typed, setTyped] = useState<string | null>(null)
  const shown = typed ?? (value === null ? '' : format(value))
  const problem = typed === null ? null : problemOf(typed, props)

  const commit = (): void => {
    if (typed === null || problem) return
    setTyped(null)
    const text = typed.trim()
    onCommit(text === '' ? null : parse(text))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    if (event.key === 'Enter') {
      commit()
      // So that the next key is a command again; Tab goes on from here.
      if (!problem) event.currentTarget.blur()
    } else if (event.key === 'Escape' && typed !== null) {
      setTyped(null)
      event.stopPropagation()
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      const from = typed === null ? value : parse(typed)
      if (from === null || !Number.isFinite(from)) return
      event.preventDefault()
      const by = (props.step ?? (integer ? 1 : stepFor(from))) * (event.shiftKey ? 10 : 1)
      const to = from + (event.key === 'ArrowUp' ? by : -by)
      setTyped(null)
      onCommit(Math.min(max ?? Infinity, Math.max(min ?? -Infinity, Number(to.toPrecision(12)))))
    }
  }

  return (
    <label className={`number-field ${props.className ?? ''}`} {...tipAttributes}>
      {props.labelled && <span className="field-label">{label}</span>}
      <span className="field-box" data-invalid={problem !== null || undefined}>
        <input
          type="text"
          inputMode="decimal"
          aria-label={unit ? `${label} (${unit})` : label}
          aria-invalid={problem !== null}
          title={problem ?? undefined}
          value={shown}
          placeholder={placeholder}
          disabled={disabled}
          onChange={(event) => setTyped(event.target.value)}
          onBlur={() => {
            commit()
            setTyped(null)
          }}
          onFocus={(event) => event.target.select()}
          onKeyDown={onKeyDown}
        />
        {unit && <span className="field-unit">{unit}</span>}
      </span>
    </label>
  )
}

function parse(text: string): number {
  const plainText = text.trim().replace(',', '.').replace('−', '-')
  return plainText === '' ? Number.NaN : Number(plainText)
}

function problemOf(text: string, { min, max, integer, emptyAllowed }: NumberFieldProps): string | null {
  if (text.trim() === '') return emptyAllowed ? null : 'A number is needed here.'
  const value = parse(text)
  if (!Number.isFinite(value)) return 'This is not a number.'
  if (integer && !Number.isInteger(value)) return 'A whole number is needed here.'
  if (min !== undefined && value < min) return `At least ${min}.`
  if (max !== undefined && value > max) return `At most ${max}.`
  return null
}

function stepFor(value: number): number {
  return value === 0 ? 0.1 : 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1)
}
