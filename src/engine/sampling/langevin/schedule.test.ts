import { expect, it } from 'vitest'
import { stepAt } from './schedule.ts'

it('decays as a (b + t)^-c from the given first step', () => {
  const schedule = { step: 0.3, decay: 0.55, delay: 20 }
  const a = 0.3 * 20 ** 0.55
  for (const t of [0, 1, 20, 1000]) expect(stepAt(schedule, t)).toBeCloseTo(a * (20 + t) ** -0.55, 12)
  expect(stepAt({ ...schedule, decay: 0 }, 1000)).toBe(0.3)
})
