import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layoutPlaces } from '../geometry/layoutPlaces.ts'
import {
  movedBoundary,
  movePane,
  panesOf,
  removePane,
  splitPane,
  splitsOf,
  swapPanes,
  withShares,
  type LayoutNode,
  type Side
} from './layoutTree.ts'

const planes: LayoutNode = {
  id: 'rows',
  direction: 'column',
  shares: null,
  aligned: true,
  children: [
    { id: 'above', direction: 'row', shares: null, children: [{ pane: 'xz' }, { pane: 'position' }] },
    { id: 'below', direction: 'row', shares: null, children: [{ pane: 'xy' }, { pane: 'yz' }] }
  ]
}

const sides: readonly Side[] = ['left', 'right', 'top', 'bottom']

/** What a person does to a layout, as numbers that choose among what is possible at that moment. */
const deeds = fc.array(
  fc.record({
    what: fc.constantFrom('split', 'close', 'swap', 'move', 'resize', 'reset'),
    a: fc.nat(),
    b: fc.nat(),
    side: fc.constantFrom(...sides),
    to: fc.double({ min: 0, max: 1, noNaN: true })
  }),
  { maxLength: 25 }
)

test('splitting, closing, swapping, moving and resizing never lose or double a pane, and the places fill the room', () => {
  fc.assert(
    fc.property(
      deeds,
      fc.integer({ min: 300, max: 2000 }),
      fc.integer({ min: 200, max: 1500 }),
      (list, width, height) => {
        let tree: LayoutNode = planes
        let expected = new Set(panesOf(tree))
        let made = 0
        for (const { what, a, b, side, to } of list) {
          const panes = panesOf(tree)
          const one = panes[a % panes.length]
          const other = panes[b % panes.length]
          if (what === 'split') {
            const added = `new-${++made}`
            tree = splitPane(tree, one, side, added)
            expected.add(added)
          } else if (what === 'close' && panes.length > 1) {
            tree = removePane(tree, one) ?? tree
            expected.delete(one)
          } else if (what === 'swap') tree = swapPanes(tree, one, other)
          else if (what === 'move') tree = movePane(tree, one, other, side)
          else if (what === 'resize' || what === 'reset') {
            const places = layoutPlaces(tree, { width, height })
            const boundary = places.boundaries[a % places.boundaries.length]
            if (!boundary) continue
            const shares = what === 'reset' ? null : movedBoundary(boundary.shares, boundary.index, to, [0.01, 0.01])
            tree = withShares(tree, boundary.split, shares)
          }
          expect([...panesOf(tree)].sort()).toEqual([...expected].sort())
          const ids = splitsOf(tree).map(({ id }) => id)
          expect(new Set(ids).size).toBe(ids.length)
          for (const { shares, children } of splitsOf(tree)) {
            expect(children.length).toBeGreaterThan(1)
            if (!shares) continue
            expect(shares.length).toBe(children.length)
            expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 6)
          }
        }
        expected = new Set(panesOf(tree))
        const { panes, boundaries } = layoutPlaces(tree, { width, height })
        const rectangles = [...Object.values(panes), ...boundaries.map(({ line }) => line)]
        expect(Object.keys(panes).length).toBe(expected.size)
        for (const { left, top, width: w, height: h } of rectangles) {
          for (const number of [left, top, w, h]) expect(Number.isInteger(number)).toBe(true)
          expect(left >= 0 && top >= 0 && w >= 0 && h >= 0).toBe(true)
        }
        // Where there is room for everything the places fill it, and none lies over another.
        if (Object.values(panes).every(({ width: w, height: h }) => w > 0 && h > 0)) {
          const area = rectangles.reduce((sum, { width: w, height: h }) => sum + w * h, 0)
          expect(area).toBe(width * height)
        }
      }
    ),
    { numRuns: 150 }
  )
})

test('a pane beside others in a row takes half of one, not a new row within', () => {
  const row: LayoutNode = { id: 'row', direction: 'row', shares: [0.5, 0.5], children: [{ pane: 'a' }, { pane: 'b' }] }
  expect(splitPane(row, 'b', 'left', 'c')).toEqual({
    ...row,
    shares: [0.5, 0.25, 0.25],
    children: [{ pane: 'a' }, { pane: 'c' }, { pane: 'b' }]
  })
  expect(splitPane({ pane: 'a' }, 'a', 'bottom', 'b')).toEqual({
    id: 'split-1',
    direction: 'column',
    shares: null,
    children: [{ pane: 'a' }, { pane: 'b' }]
  })
})

test('closing gives the room to the neighbours in proportion; the last pane can’t be closed', () => {
  const row: LayoutNode = {
    id: 'row',
    direction: 'row',
    shares: [0.5, 0.3, 0.2],
    children: [{ pane: 'a' }, { pane: 'b' }, { pane: 'c' }]
  }
  expect(removePane(row, 'a')).toMatchObject({ shares: [0.6, 0.4] })
  expect(removePane({ pane: 'a' }, 'a')).toBeNull()
})

test('the columns of a grid stay in line', () => {
  const resized = withShares(planes, 'below', [0.7, 0.3])
  expect(splitsOf(resized).map(({ shares }) => shares)).toEqual([null, [0.7, 0.3], [0.7, 0.3]])
  const { panes } = layoutPlaces(resized, { width: 1001, height: 801 })
  expect(panes.xz.width).toBe(panes.xy.width)
  expect(panes.xz).toEqual({ left: 0, top: 0, width: 700, height: 400 })
  expect(panes.yz).toEqual({ left: 701, top: 401, width: 300, height: 400 })
  expect(splitsOf(withShares(resized, 'above', null)).map(({ shares }) => shares)).toEqual([null, null, null])
})

test('a boundary keeps what panes need, and stays where there is no room', () => {
  expect(movedBoundary([0.5, 0.5], 0, 0.9, [0.2, 0.2])).toEqual([0.8, expect.closeTo(0.2)])
  expect(movedBoundary([0.5, 0.5], 0, 0, [0.2, 0.2])).toEqual([0.2, 0.8])
  expect(movedBoundary([0.2, 0.3, 0.5], 1, 0.6, [0.1, 0.1])).toEqual([0.2, expect.closeTo(0.4), expect.closeTo(0.4)])
  expect(movedBoundary([0.5, 0.5], 0, 0.1, [0.6, 0.6])).toEqual([0.5, 0.5])
})

test('splits that nobody resized take the shares the arrangement prefers', () => {
  const { panes } = layoutPlaces(planes, { width: 1001, height: 401 }, { above: [0.8, 0.2], below: [0.8, 0.2] })
  expect(panes.xy.width).toBe(800)
  expect(panes.yz.left).toBe(801)
})
