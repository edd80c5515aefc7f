import { evenShares, isSplit, panesOf, type Direction, type LayoutNode, type Side } from '../stores/layoutTree.ts'

/** Where panes and the boundaries between them lie, in whole CSS pixels, so that every picture begins on one. */
export interface Rectangle {
  left: number
  top: number
  width: number
  height: number
}

export interface Boundary {
  /** The split, and the child behind which the boundary lies. */
  split: string
  index: number
  /** The split's: a boundary in a row is a vertical line. */
  direction: Direction
  line: Rectangle
  shares: readonly number[]
  /** Where the split begins along its direction, and how much its children share. */
  start: number
  length: number
  panes: { before: readonly string[]; after: readonly string[] }
}

export interface LayoutPlaces {
  panes: Readonly<Record<string, Rectangle>>
  boundaries: readonly Boundary[]
}

const gap = 1

/** @param preferred shares of splits that nobody has resized, by the split's id */
export function layoutPlaces(
  tree: LayoutNode,
  room: { width: number; height: number },
  preferred: Readonly<Record<string, readonly number[]>> = {}
): LayoutPlaces {
  const panes: Record<string, Rectangle> = {}
  const boundaries: Boundary[] = []

  const place = (node: LayoutNode, at: Rectangle): void => {
    if (!isSplit(node)) {
      panes[node.pane] = at
      return
    }
    const { direction, children } = node
    const count = children.length
    const fallback = preferred[node.id]?.length === count ? preferred[node.id] : evenShares(count)
    const shares = node.shares?.length === count ? node.shares : fallback
    const row = direction === 'row'
    const start = row ? at.left : at.top
    const length = Math.max(0, (row ? at.width : at.height) - gap * (count - 1))
    let share = 0
    const edges = [0, ...shares.map((part) => Math.round((share += part) * length))]
    edges[count] = length
    children.forEach((child, i) => {
      const from = start + edges[i] + i * gap
      const extent = Math.max(0, edges[i + 1] - edges[i])
      place(child, row ? { ...at, left: from, width: extent } : { ...at, top: from, height: extent })
      if (i === count - 1) return
      const line = row ? { ...at, left: from + extent, width: gap } : { ...at, top: from + extent, height: gap }
      const names = { before: panesOf(child), after: panesOf(children[i + 1]) }
      boundaries.push({ split: node.id, index: i, direction, line, shares, start, length, panes: names })
    })
  }
  place(tree, { left: 0, top: 0, width: room.width, height: room.height })
  return { panes, boundaries }
}

/** The pane on a side of another: the one that shares most of the edge; null at the workspace's edge. */
export function neighbourOf(places: LayoutPlaces['panes'], pane: string, side: Side): string | null {
  const from = places[pane]
  if (!from) return null
  const shared = (to: Rectangle): number => {
    const across = side === 'left' || side === 'right'
    const gapBetween =
      side === 'left'
        ? from.left - (to.left + to.width)
        : side === 'right'
          ? to.left - (from.left + from.width)
          : side === 'top'
            ? from.top - (to.top + to.height)
            : to.top - (from.top + from.height)
    if (gapBetween !== gap) return 0
    return across
      ? overlap(from.top, from.height, to.top, to.height)
      : overlap(from.left, from.width, to.left, to.width)
  }
  const beside = Object.entries(places)
    .map(([id, place]) => ({ id, edge: shared(place) }))
    .filter(({ edge }) => edge > 0)
    .sort((a, b) => b.edge - a.edge)
  return beside[0]?.id ?? null
}

function overlap(from: number, length: number, otherFrom: number, otherLength: number): number {
  return Math.min(from + length, otherFrom + otherLength) - Math.max(from, otherFrom)
}
