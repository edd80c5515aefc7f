/**
 * How panes share the workspace: a tree of splits. Pure functions; panes are named by their ids, and every function
 * keeps each of them exactly once.
 */
export type LayoutNode = LayoutLeaf | LayoutSplit

export interface LayoutLeaf {
  pane: string
}

export interface LayoutSplit {
  id: string
  /** row: beside each other; column: below each other. */
  direction: Direction
  /** Of the room along the direction, summing to 1; null: even, or what the arrangement calls for. */
  shares: readonly number[] | null
  children: readonly LayoutNode[]
  /** A grid: the children are splits that keep the same shares, so that their panes stay in line. */
  aligned?: boolean
}

export type Direction = 'row' | 'column'
/** Where beside another pane a pane is put. */
export type Side = 'left' | 'right' | 'top' | 'bottom'

export function isSplit(node: LayoutNode): node is LayoutSplit {
  return 'children' in node
}

/** The panes in reading order. */
export function panesOf(node: LayoutNode): string[] {
  return isSplit(node) ? node.children.flatMap(panesOf) : [node.pane]
}

export function splitsOf(node: LayoutNode): LayoutSplit[] {
  return isSplit(node) ? [node, ...node.children.flatMap(splitsOf)] : []
}

export function evenShares(count: number): number[] {
  return Array.from({ length: count }, () => 1 / count)
}

/** Puts `added` beside `pane`, which gives half of its room. */
export function splitPane(tree: LayoutNode, pane: string, side: Side, added: string): LayoutNode {
  const direction: Direction = side === 'left' || side === 'right' ? 'row' : 'column'
  const after = side === 'right' || side === 'bottom'
  const id = freshSplitId(tree)

  const inside = (node: LayoutNode): LayoutNode => {
    if (!isSplit(node)) {
      if (node.pane !== pane) return node
      const leaf: LayoutLeaf = { pane: added }
      return { id, direction, shares: null, children: after ? [node, leaf] : [leaf, node] }
    }
    const at = node.children.findIndex((child) => !isSplit(child) && child.pane === pane)
    // One more in a row of panes; a grid keeps its rows.
    if (at >= 0 && node.direction === direction && !node.aligned) {
      const place = after ? at + 1 : at
      const children = [...node.children.slice(0, place), { pane: added }, ...node.children.slice(place)]
      const half = node.shares && node.shares[at] / 2
      const shares =
        node.shares && half !== null ? [...node.shares.slice(0, at), half, half, ...node.shares.slice(at + 1)] : null
      return { ...node, children, shares }
    }
    return { ...node, children: node.children.map(inside) }
  }
  return inside(tree)
}

/** The tree without a pane, whose room its neighbours share; null where it was the last. */
export function removePane(tree: LayoutNode, pane: string): LayoutNode | null {
  if (!isSplit(tree)) return tree.pane === pane ? null : tree
  const kept = tree.children.map((child) => removePane(child, pane))
  const children = kept.filter((child) => child !== null)
  if (children.length === 0) return null
  if (children.length === 1) return children[0]
  if (children.length === tree.children.length) return { ...tree, children }
  const remaining = tree.shares?.filter((_, i) => kept[i] !== null) ?? null
  const sum = remaining?.reduce((total, share) => total + share, 0) ?? 1
  return { ...tree, children, shares: remaining && remaining.map((share) => share / sum) }
}

/** The two panes change places; sizes stay with the places. */
export function swapPanes(tree: LayoutNode, one: string, other: string): LayoutNode {
  const name = (pane: string): string => (pane === one ? other : pane === other ? one : pane)
  return isSplit(tree)
    ? { ...tree, children: tree.children.map((child) => swapPanes(child, one, other)) }
    : { pane: name(tree.pane) }
}

/** Takes a pane from its place and puts it beside another. */
export function movePane(tree: LayoutNode, pane: string, beside: string, side: Side): LayoutNode {
  if (pane === beside) return tree
  const rest = removePane(tree, pane)
  return rest ? splitPane(rest, beside, side, pane) : tree
}

/** Sets a split's shares (null: as at first); in a grid those of all the rows. */
export function withShares(tree: LayoutNode, split: string, shares: readonly number[] | null): LayoutNode {
  if (!isSplit(tree)) return tree
  if (tree.id === split) return { ...tree, shares }
  const source = tree.children.find((child) => isSplit(child) && child.id === split)
  const count = source && isSplit(source) ? source.children.length : 0
  return {
    ...tree,
    children: tree.children.map((child) =>
      tree.aligned && isSplit(child) && child.children.length === count
        ? { ...child, shares }
        : withShares(child, split, shares)
    )
  }
}

/** Shares after the boundary behind child `index` was moved to `to` (0 to 1); its two neighbours keep at least `least`. */
export function movedBoundary(
  shares: readonly number[],
  index: number,
  to: number,
  least: readonly [before: number, after: number]
): number[] {
  const before = shares.slice(0, index).reduce((sum, share) => sum + share, 0)
  const both = shares[index] + shares[index + 1]
  // Where there is no room for both least sizes the boundary stays.
  if (least[0] + least[1] > both) return [...shares]
  const first = Math.min(both - least[1], Math.max(least[0], to - before))
  return shares.map((share, i) => (i === index ? first : i === index + 1 ? both - first : share))
}

function freshSplitId(tree: LayoutNode): string {
  const taken = new Set(splitsOf(tree).map(({ id }) => id))
  let number = 1
  while (taken.has(`split-${number}`)) number++
  return `split-${number}`
}
