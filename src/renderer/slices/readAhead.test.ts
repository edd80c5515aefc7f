import { expect, test } from 'vitest'
import type { SliceKey } from '../api/sliceCache.ts'
import { neighbours, ReadAhead, type Travel } from './readAhead.ts'

function travel(index: number, edit: Partial<Travel> & { plane?: SliceKey['plane'] } = {}): Travel {
  const { plane = 'xy', ...rest } = edit
  const key: SliceKey = { volumeId: 'a', revision: 1, plane, index, filters: '' }
  return { key, direction: 1, depth: 100, bytes: 10, reach: 8, ...rest }
}

/** A reader ahead whose requests are answered by hand. */
function byHand(limits = { bytes: 1000, requests: 2 }) {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const failures: (() => void)[] = []
  const there = new Set<string>()
  const nameOf = ({ plane, index }: SliceKey): string => `${plane} ${index}`
  const ahead = new ReadAhead(
    (key) => there.has(nameOf(key)),
    (key) => {
      asked.push(nameOf(key))
      return new Promise((resolve, reject) => {
        answers.push(() => {
          there.add(nameOf(key))
          resolve(null)
        })
        failures.push(() => reject(new Error('truncated')))
      })
    },
    limits
  )
  const settled = () => new Promise((resolve) => setTimeout(resolve, 0))
  /** Answers everything, until nothing is asked for any more. */
  const answerAll = async (): Promise<void> => {
    for (let next = answers.shift(); next; next = answers.shift()) {
      next()
      await settled()
    }
  }
  return { ahead, asked, answers, failures, there, settled, answerAll }
}

test('neighbours come nearest first, three ahead for one that goes back, and none beyond the ends', () => {
  expect(neighbours(travel(50))).toEqual([51, 52, 53, 49, 54, 55, 56, 48])
  expect(neighbours(travel(50, { direction: -1, reach: 5 }))).toEqual([49, 48, 47, 51, 46])
  expect(neighbours(travel(98, { reach: 6 }))).toEqual([99, 97, 96, 95, 94, 93])
  expect(neighbours(travel(1, { depth: 3, reach: 8 }))).toEqual([2, 0])
  expect(neighbours(travel(0, { depth: 1 }))).toEqual([])
})

test('never more requests at once than allowed, and nothing twice that is there', async () => {
  const { ahead, asked, there, answers, answerAll, settled } = byHand()
  there.add('xy 52')
  ahead.travel('pane', travel(50, { reach: 4 }))
  expect(asked).toEqual(['xy 51', 'xy 53'])
  answers.shift()?.()
  await settled()
  expect(asked).toEqual(['xy 51', 'xy 53', 'xy 49'])
  await answerAll()
  ahead.travel('pane', travel(50, { reach: 4 }))
  expect(asked).toHaveLength(3)
})

test('memory bounds how far it reads, what is there included; layers take turns, the one that moved last first', async () => {
  const { ahead, asked, answerAll } = byHand({ bytes: 60, requests: 1 })
  ahead.travel('one', travel(50))
  ahead.travel('other', travel(20, { plane: 'xz', direction: -1 }))
  await answerAll()
  // Asked for when only the first was there, then in turns: 3 + 3 slices of 10 bytes.
  expect(asked).toEqual(['xy 51', 'xz 19', 'xz 18', 'xy 52', 'xz 17', 'xy 53'])
})

test('a step gives up what was not asked for yet; a layer that waits or is gone reads nothing ahead', async () => {
  const { ahead, asked, answerAll } = byHand({ bytes: 1000, requests: 1 })
  ahead.travel('pane', travel(50))
  ahead.travel('pane', travel(70, { reach: 2 }))
  await answerAll()
  expect(asked).toEqual(['xy 51', 'xy 71', 'xy 72'])
  ahead.travel('pane', travel(30))
  ahead.rest('pane')
  await answerAll()
  expect(asked).toEqual(['xy 51', 'xy 71', 'xy 72', 'xy 31'])
})

test('a slice that can not be read stops nothing, and is not asked for again before the next step', async () => {
  const { ahead, asked, failures, settled } = byHand({ bytes: 1000, requests: 1 })
  ahead.travel('pane', travel(50, { reach: 2 }))
  failures.shift()?.()
  await settled()
  failures.shift()?.()
  await settled()
  expect(asked).toEqual(['xy 51', 'xy 52'])
  ahead.travel('pane', travel(51, { reach: 1 }))
  expect(asked).toEqual(['xy 51', 'xy 52', 'xy 52'])
})
