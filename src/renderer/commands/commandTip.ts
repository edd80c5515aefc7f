import { tip, type TipAttributes } from '../controls/tip.ts'
import { keysInWords } from './keys.ts'

/** An explanation with the keys, as they are now, of the commands that do the same. */
export function commandTip(text: string, ...ids: readonly string[]): TipAttributes {
  const keys = ids.map(keysInWords).filter((one) => one !== undefined)
  return tip(text, keys.join(', ') || undefined)
}
