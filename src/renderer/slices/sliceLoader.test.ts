import { expect, test } from 'vitest'
import type { FetchedSlice } from '../api/routes.ts'
import { isExact, SliceCache, sliceOf, type Slice, type SliceKey } from '../api/sliceCache.ts'
import { emptyLayer, type ShownLayer } from '../stores/slices.ts'
import { SliceLoader } from './sliceLoader.ts'

const key = (index: number): SliceKey => ({ volumeId: 'a', revision: 1, plane: 'xz', index, filters: '' })

function fetched(index: number, binning: number): FetchedSlice {
  const values = new Float32Array(4).fill(index)
  return { rows: 2, columns: 2, revision: 1, binning: { row: binning, column: binning }, values }
}

/** A loader whose requests are answered by hand, and everything it brought on screen. */
function byHand({ inMemory = false } = {}) {
  const open: { index: number; level: 0 | 'auto'; signal: AbortSignal; answer(): void; fail(): void }[] = []
  const asked: string[] = []
  const ask = (wanted: SliceKey, level: 0 | 'auto', signal: AbortSignal): Promise<FetchedSlice> => {
    asked.push(`${level}:${wanted.index}`)
    return new Promise((resolve, reject) => {
      const entry = {
        index: wanted.index,
        level,
        signal,
        answer: () => {
          open.splice(open.indexOf(entry), 1)
          resolve(fetched(wanted.index, level === 0 ? 1 : 4))
        },
        fail: () => reject(new Error('truncated'))
      }
      open.push(entry)
    })
  }
  let layer: ShownLayer = emptyLayer
  const frames: string[] = []
  const travels: string[] = []
  const put = (edit: Partial<ShownLayer>): void => {
    layer = { ...layer, ...edit }
    if (edit.slice)
      frames.push(`${isExact(edit.slice) ? 'exact' : `binned ${edit.slice.binning.row}`} ${edit.slice.index}`)
  }
  const loader = new SliceLoader(
    { name: 'pane/base', put, depth: 1000 },
    {
      cache: new SliceCache((wanted) => ask(wanted, 0, new AbortController().signal), 1e6),
      fetch: ask,
      atHand: (wanted): Slice | null => (inMemory ? sliceOf(wanted, fetched(wanted.index, 8)) : null),
      ahead: {
        travel: (_name, { key: at, direction, reach }) => travels.push(`${at.index} by ${direction}, ${reach}`),
        rest: () => travels.push('rest')
      }
    }
  )
  return { loader, open, asked, frames, travels, layer: () => layer }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0))

test('scrubbing over a hundred slices asks for two: the one on its way is let through, of the rest the last is wanted', async () => {
  const { loader, open, asked, frames, travels } = byHand()
  for (let index = 1; index <= 100; index++) loader.request(key(index), false)
  expect(asked).toEqual(['0:1'])
  open[0].answer()
  await settled()
  expect(asked).toEqual(['0:1', '0:100'])
  open.find(({ index }) => index === 100)?.answer()
  await settled()
  expect(frames).toEqual(['exact 1', 'exact 100'])
  expect(asked).toEqual(['0:1', '0:100'])
  // Only around the slice that was wanted in the end.
  expect(travels.filter((travel) => travel !== 'rest')).toEqual(['100 by 1, 1'])
})

test('a slice that is there is shown within the call, and what waited is given up', async () => {
  const { loader, open, asked, frames, travels } = byHand()
  for (const index of [7, 6]) {
    loader.request(key(index), false)
    open[0].answer()
    await settled()
  }
  loader.request(key(8), false)
  loader.request(key(9), false)
  loader.request(key(7), false)
  expect(frames).toEqual(['exact 7', 'exact 6', 'exact 7'])
  open[0].answer()
  await settled()
  expect(frames).toEqual(['exact 7', 'exact 6', 'exact 7'])
  expect(asked).toEqual(['0:7', '0:6', '0:8'])
  // Another plane than sections is read further ahead once someone steps through it.
  expect(travels).toEqual(['rest', '7 by 1, 1', 'rest', '6 by -1, 24', 'rest', 'rest', '7 by 1, 24'])
})

test('of a large volume every step is drawn at once from memory, then finer, then exact', async () => {
  const { loader, open, asked, frames, layer } = byHand({ inMemory: true })
  for (let index = 1; index <= 60; index++) {
    loader.request(key(index), true)
    expect(frames.at(-1)).toBe(`binned 8 ${index}`)
  }
  expect(asked).toEqual(['auto:1'])
  expect(layer().loading).toBe(true)
  // What comes for the first one now would be a step back.
  open[0].answer()
  await settled()
  expect(frames.at(-1)).toBe('binned 8 60')
  expect(asked).toEqual(['auto:1', 'auto:60'])
  open[0].answer()
  await settled()
  expect(frames.at(-1)).toBe('binned 4 60')
  expect(asked).toEqual(['auto:1', 'auto:60', '0:60'])
  open[0].answer()
  await settled()
  expect(frames.at(-1)).toBe('exact 60')
  expect(layer().loading).toBe(false)
  expect(frames).toHaveLength(62)
})

test('an exact slice on its way is given up when another is wanted', async () => {
  const { loader, open } = byHand({ inMemory: true })
  loader.request(key(5), true)
  open[0].answer()
  await settled()
  expect(open.map(({ level }) => level)).toEqual([0])
  loader.request(key(6), true)
  expect(open[0].signal.aborted).toBe(true)
})

test('without a copy in memory the picture moves with what arrives; a failure is told', async () => {
  const { loader, open, frames, layer } = byHand()
  loader.request(key(1), true)
  loader.request(key(2), true)
  open[0].answer()
  await settled()
  expect(frames).toEqual(['binned 4 1'])
  open[0].fail()
  await settled()
  expect(layer().failure?.message).toBe('truncated')
  expect(layer().slice).toBeNull()
})
