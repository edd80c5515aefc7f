import { expect, it } from 'vitest'
import { createRmsprop, learnRmsprop, rmspropDiagonal } from './rmsprop.ts'

const options = { memory: 0.9, floor: 0.01 }

it('starts uniform and then follows V <- a V + (1 - a) g^2', () => {
  const state = createRmsprop(2)
  learnRmsprop(state, Float32Array.of(0, 2), options)
  // The mean of 0 and 4.
  expect(Array.from(state.squares)).toEqual([2, 2])
  learnRmsprop(state, Float32Array.of(1, 3), options)
  expect(state.squares[0]).toBeCloseTo(0.9 * 2 + 0.1, 5)
  expect(state.squares[1]).toBeCloseTo(0.9 * 2 + 0.9, 5)
  const diagonal = rmspropDiagonal(state, new Float32Array(2), options)
  expect(diagonal[1]).toBeCloseTo(1 / (0.01 + Math.sqrt(2.7)), 5)
})

it('stays finite where a gradient is zero throughout', () => {
  const state = createRmsprop(1)
  for (let n = 0; n < 2000; n++) learnRmsprop(state, Float32Array.of(0))
  expect(Number.isFinite(rmspropDiagonal(state, new Float32Array(1))[0])).toBe(true)
})
