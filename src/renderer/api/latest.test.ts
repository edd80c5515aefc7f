import { expect, test } from 'vitest'
import { LatestRequest } from './latest.ts'

/** Loads that are finished by hand. */
function byHand() {
  const open = new Map<number, { finish(): void; fail(error: Error): void; signal: AbortSignal }>()
  const shown: string[] = []
  const latest = new LatestRequest<number, string>(
    (key, signal) =>
      new Promise((resolve, reject) => open.set(key, { finish: () => resolve(`slice ${key}`), fail: reject, signal })),
    (value) => shown.push(value),
    (error) => shown.push(error instanceof Error ? error.message : 'unknown')
  )
  return { latest, open, shown }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

test('while one load is under way only the newest request waits', async () => {
  const { latest, open, shown } = byHand()
  for (const key of [1, 2, 3, 4]) latest.request(key)
  expect([...open.keys()]).toEqual([1])
  open.get(1)?.finish()
  await settled()
  expect([...open.keys()]).toEqual([1, 4])
  open.get(4)?.finish()
  await settled()
  expect(shown).toEqual(['slice 1', 'slice 4'])
})

test('what was aborted is neither shown nor reported', async () => {
  const { latest, open, shown } = byHand()
  latest.request(1)
  latest.request(2)
  latest.abort()
  expect(open.get(1)?.signal.aborted).toBe(true)
  open.get(1)?.finish()
  await settled()
  expect(shown).toEqual([])
  expect(open.has(2)).toBe(false)
  latest.request(3)
  open.get(3)?.finish()
  await settled()
  expect(shown).toEqual(['slice 3'])
})

test('a failure is reported, and the newest request still runs', async () => {
  const { latest, open, shown } = byHand()
  latest.request(1)
  latest.request(2)
  open.get(1)?.fail(new Error('truncated'))
  await settled()
  open.get(2)?.finish()
  await settled()
  expect(shown).toEqual(['truncated', 'slice 2'])
})
