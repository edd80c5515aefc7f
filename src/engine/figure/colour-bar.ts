import { plain, roundDown125 } from '../../shared/round-lengths.ts'
import type { Contrast } from '../../shared/volumes.ts'

export interface Tick {
  /** Where along the bar, 0 to 1. */
  share: number
  label: string
}

/** What stands below a colour bar. */
export interface ColourBarScale {
  ticks: Tick[]
  /** Quantity, unit and the power of ten that the tick labels leave out. */
  quantity: string
}

/** Round values over a range (the low end may be the larger one), with as many as `most` ticks. */
export function colourBarScale(range: Contrast, quantity: string, most: number): ColourBarScale {
  const from = Math.min(range.low, range.high)
  const to = Math.max(range.low, range.high)
  let step = roundStep((to - from) / Math.max(1, most - 1))
  // One tick says nothing of the scale.
  while (ticksBetween(from, to, step) < 2 && to > from) step = roundDown125(step * 0.75)
  const exponent = sharedExponent(Math.max(Math.abs(from), Math.abs(to)))
  const ticks: Tick[] = []
  // A little slack, so that a round end of the range gets its tick in spite of rounding.
  for (let i = Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-9; i++) {
    const value = plain(i * step)
    ticks.push({
      share: Math.min(1, Math.max(0, (value - range.low) / (range.high - range.low))),
      label: tickLabel(value / 10 ** exponent, step / 10 ** exponent)
    })
  }
  return { ticks, quantity: exponent === 0 ? quantity : `${quantity} ×10${superscript(exponent)}` }
}

function ticksBetween(from: number, to: number, step: number): number {
  return Math.floor(to / step + 1e-9) - Math.ceil(from / step - 1e-9) + 1
}

/** The smallest of 1, 2, 5 times a power of ten that is not below `value`. */
function roundStep(value: number): number {
  const below = roundDown125(value)
  if (below >= value * (1 - 1e-9)) return below
  // From 1 to 2, from 2 to 5, from 5 to 10.
  const twice = roundDown125(below * 2)
  return twice > below ? twice : roundDown125(below * 2.5)
}

/** Very large and very small numbers share a power of ten, as print does. */
function sharedExponent(largest: number): number {
  if (largest === 0) return 0
  const exponent = Math.floor(Math.log10(largest))
  return exponent < -2 || exponent > 4 ? exponent : 0
}

/** As many decimals as the step has, and a true minus sign. */
function tickLabel(value: number, step: number): string {
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const text = value.toFixed(Math.min(decimals, 12))
  return Number(text) === 0 ? '0' : text.replace('-', '−')
}

function superscript(exponent: number): string {
  return [...String(exponent)].map((character) => (character === '-' ? '⁻' : '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(character)])).join('')
}
