import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ApiEvent } from '../../shared/jobs.ts'
import { EventStream } from './event-stream.ts'

const event = (revision: number): ApiEvent => ({ type: 'volume', volumeId: 'volume-1', revision })

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function reader(response: Response): { read(): Promise<string | null>; cancel(): Promise<void> } {
  const source = response.body?.getReader()
  if (!source) throw new Error('no body')
  return {
    async read() {
      const { value, done } = await source.read()
      return done ? null : new TextDecoder().decode(value)
    },
    cancel: () => source.cancel()
  }
}

test('every listener gets what it starts with and then every event', async () => {
  const stream = new EventStream()
  const first = reader(stream.open([event(1)]))
  const second = reader(stream.open([]))
  stream.send(event(2))
  expect(await first.read()).toContain(`data: ${JSON.stringify(event(1))}\n\n`)
  expect(await first.read()).toBe(`data: ${JSON.stringify(event(2))}\n\n`)
  expect(await second.read()).toMatch(/^:/)
  expect(await second.read()).toBe(`data: ${JSON.stringify(event(2))}\n\n`)
})

test('a listener that goes away is forgotten, and the heartbeat with the last', async () => {
  const stream = new EventStream()
  const first = reader(stream.open([]))
  const second = reader(stream.open([]))
  await first.read()
  vi.advanceTimersByTime(15_000)
  expect(await first.read()).toBe(': still here\n\n')
  await first.cancel()
  expect(stream.listeners).toBe(1)
  await second.cancel()
  expect(stream.listeners).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
  stream.send(event(3))
})

test('a listener that does not read is cut off before it fills the memory', async () => {
  const stream = new EventStream()
  const slow = reader(stream.open([]))
  for (let i = 0; i < 2000; i++) stream.send(event(i))
  expect(stream.listeners).toBe(0)
  let messages = 0
  while ((await slow.read()) !== null) messages++
  expect(messages).toBeLessThan(600)
})

test('closing ends every stream', async () => {
  const stream = new EventStream()
  const open = reader(stream.open([]))
  await open.read()
  stream.close()
  expect(await open.read()).toBeNull()
})
