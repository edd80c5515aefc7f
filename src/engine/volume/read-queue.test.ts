import { expect, test } from 'vitest'
import { ReadQueue } from './read-queue.ts'
import type { ReadPriority } from './volume.ts'

const { signal } = new AbortController()

/** Reads that end when they are told to, and the order in which they began. */
function reads(queue: ReadQueue): {
  began: string[]
  ask(key: string, priority: ReadPriority, own?: AbortSignal): Promise<string>
  end(key: string): Promise<void>
} {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  return {
    began,
    ask: (key, priority, own = signal) =>
      queue.run(key, priority, own, async () => {
        began.push(key)
        await new Promise<void>((resolve) => ends.set(key, resolve))
        return key
      }),
    async end(key) {
      ends.get(key)?.()
      await new Promise(setImmediate)
    }
  }
}

test('what is visible goes first, the newest of it before older ones, what may be wanted next last', async () => {
  const queue = new ReadQueue()
  const { began, ask, end } = reads(queue)
  const asked = ['a', 'b', 'c', 'd'].map((key) => ask(key, 'visible'))
  asked.push(ask('later', 'ahead'), ask('e', 'visible'), ask('f', 'visible'))
  expect(began).toEqual(['a', 'b', 'c', 'd'])
  await end('b')
  expect(began.at(-1)).toBe('f')
  await end('a')
  expect(began.at(-1)).toBe('e')
  for (const key of ['c', 'd', 'e']) await end(key)
  expect(began).not.toContain('later')
  await end('f')
  expect(began.at(-1)).toBe('later')
  await end('later')
  expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd', 'later', 'e', 'f'])
})

test('who gives up while waiting is never read; what somebody looks at after all overtakes', async () => {
  const queue = new ReadQueue()
  const own = reads(queue)
  const controller = new AbortController()
  const busy = ['a', 'b', 'c', 'd'].map((key) => own.ask(key, 'visible'))
  const stale = own.ask('stale', 'visible', controller.signal)
  const next = [own.ask('next-1', 'ahead'), own.ask('next-2', 'ahead')]
  controller.abort()
  await expect(stale).rejects.toMatchObject({ name: 'AbortError' })
  queue.raise('next-2')
  await own.end('a')
  expect(own.began).toEqual(['a', 'b', 'c', 'd', 'next-2'])
  for (const key of ['b', 'c', 'd', 'next-2']) await own.end(key)
  expect(own.began.at(-1)).toBe('next-1')
  await own.end('next-1')
  await Promise.all([...busy, ...next])
  expect(own.began).not.toContain('stale')
})

test('a read that fails gives its place back', async () => {
  const queue = new ReadQueue()
  const fail = (): Promise<never> => Promise.reject(new Error('no'))
  const failed = await Promise.allSettled(Array.from({ length: 9 }, () => queue.run('x', 'visible', signal, fail)))
  expect(failed.every(({ status }) => status === 'rejected')).toBe(true)
  expect(await queue.run('y', 'ahead', signal, async () => 7)).toBe(7)
})

test('background work is held exactly while something visible is read', async () => {
  const holds: string[] = []
  const queue = new ReadQueue(() => {
    holds.push('hold')
    return () => holds.push('release')
  })
  const { ask, end } = reads(queue)
  const first = [ask('ahead', 'ahead'), ask('a', 'visible'), ask('b', 'visible')]
  expect(holds).toEqual(['hold'])
  await end('a')
  expect(holds).toEqual(['hold'])
  await end('b')
  expect(holds).toEqual(['hold', 'release'])
  const again = ask('c', 'visible')
  expect(holds).toEqual(['hold', 'release', 'hold'])
  await end('c')
  await end('ahead')
  await Promise.all([...first, again])
  expect(holds).toHaveLength(4)
})
