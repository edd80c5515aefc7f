/** Attributes that give an element an explanation on hover and focus (drawn by TipLayer). */
export interface TipAttributes {
  'data-tip': string
  'data-tip-keys'?: string
}

export function tip(text: string, keys?: string): TipAttributes {
  return keys ? { 'data-tip': text, 'data-tip-keys': keys } : { 'data-tip': text }
}
