/** How well a text answers a query, and which of its letters do. */
export interface Match {
  score: number
  /** Half-open ranges of letters, in order. */
  ranges: readonly (readonly [from: number, to: number])[]
  /** A word of the query was only found as letters here and there. */
  scattered: boolean
}

/**
 * Matches what was typed against a text: every word of the query, in any order, as a piece of the text or as letters that
 * follow each other in it. Beginnings of words count most, then pieces, then scattered letters; an empty query matches all alike.
 */
export function matchOf(query: string, text: string): Match | null {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  const lower = text.toLowerCase()
  let score = 0
  let scattered = false
  const ranges: [number, number][] = []
  for (const word of words) {
    const found = pieceOf(word, lower) ?? lettersOf(word, lower)
    if (!found) return null
    score += found.score
    scattered ||= found.scattered
    for (const [from, to] of found.ranges) ranges.push([from, to])
  }
  // Of two texts that answer alike the shorter one is meant.
  return { score: words.length === 0 ? 0 : score - lower.length / 100, ranges: joined(ranges), scattered }
}

function isWordStart(text: string, at: number): boolean {
  return at === 0 || !isLetter(text[at - 1])
}

function isLetter(sign: string): boolean {
  return /[\p{L}\d]/u.test(sign)
}

function pieceOf(word: string, text: string): Match | null {
  let inside: number | null = null
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length
    const whole = end === text.length || !isLetter(text[end])
    if (isWordStart(text, at))
      return { score: (at === 0 ? 12 : 10) + (whole ? 2 : 0) + word.length, ranges: [[at, end]], scattered: false }
    inside ??= at
  }
  return inside === null
    ? null
    : { score: 4 + word.length / 2, ranges: [[inside, inside + word.length]], scattered: false }
}

/** Letters in their order, at beginnings of words where that is possible. */
function lettersOf(word: string, text: string): Match | null {
  const places: number[] = []
  let from = 0
  let starts = 0
  for (const letter of word) {
    let at = text.indexOf(letter, from)
    if (at < 0) return null
    for (let next = at; next >= 0; next = text.indexOf(letter, next + 1))
      if (next === from || isWordStart(text, next)) {
        at = next
        break
      }
    // A beginning further on may leave no room for the rest.
    if (!hasLetters(word.slice(places.length + 1), text, at + 1)) at = text.indexOf(letter, from)
    if (isWordStart(text, at)) starts++
    places.push(at)
    from = at + 1
  }
  return { score: starts, ranges: places.map((at) => [at, at + 1] as const), scattered: true }
}

function hasLetters(letters: string, text: string, from: number): boolean {
  for (const letter of letters) {
    const at = text.indexOf(letter, from)
    if (at < 0) return false
    from = at + 1
  }
  return true
}

function joined(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const out: [number, number][] = []
  for (const [from, to] of [...ranges].sort((a, b) => a[0] - b[0])) {
    const last = out.at(-1)
    if (last && from <= last[1]) last[1] = Math.max(last[1], to)
    else out.push([from, to])
  }
  return out
}
