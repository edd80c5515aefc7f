/** The largest prime a generic butterfly handles; beyond it, the chirp transform is cheaper and as accurate. */
export const largestDirectPrime = 29

/**
 * Radices whose product is `n`, fours first (they need the fewest operations), or null where a prime factor is
 * too large for a direct butterfly.
 */
export function radicesOf(n: number): number[] | null {
  const radices: number[] = []
  let rest = n
  for (const radix of [4, 2, 3, 5]) {
    while (rest % radix === 0) {
      radices.push(radix)
      rest /= radix
    }
  }
  for (let prime = 7; prime <= largestDirectPrime && rest > 1; prime += 2) {
    while (rest % prime === 0) {
      radices.push(prime)
      rest /= prime
    }
  }
  return rest === 1 ? radices : null
}
