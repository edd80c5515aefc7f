import { drawUniform } from '../sampling/noise/normal.ts'

/**
 * Who draws numbers in a simulation. Each has a counter of its own, so that more of one thing does not move another.
 * The values are part of the definition of a seed's result: never renumber them.
 */
export const streams = { even: 0, odd: 1, scene: 2 } as const

/** Uniform numbers in (0, 1) in an order of their own: the n-th is a function of the seed, the stream and n only. */
export type Random = () => number

export function createRandom(seed: number, stream: keyof typeof streams): Random {
  let index = 0
  return () => drawUniform({ seed, chain: streams[stream], step: 0, purpose: 'simulation' }, index++)
}

/** Uniform in [low, high). */
export function between(random: Random, low: number, high: number): number {
  return low + (high - low) * random()
}

/** A whole number whose mean is `expected`: its integer part, and one more as often as the rest says. */
export function roundedAtRandom(random: Random, expected: number): number {
  return Math.floor(expected + random())
}
