import { z } from 'zod'

/** The tree of splits that panes stand in, see stores/layoutTree.ts in the window. */
export type SessionLayoutNode =
  | { pane: string }
  | {
      id: string
      direction: 'row' | 'column'
      shares: readonly number[] | null
      children: readonly SessionLayoutNode[]
      aligned?: boolean
    }

const id = z.string().min(1).max(100)

export const layoutNodeSchema: z.ZodType<SessionLayoutNode> = z.lazy(() =>
  z.union([
    z.object({ pane: id }),
    z
      .object({
        id,
        direction: z.enum(['row', 'column']),
        shares: z.array(z.number().positive().max(1)).nullable(),
        children: z.array(layoutNodeSchema).min(1).max(64),
        aligned: z.boolean().optional()
      })
      .refine(({ shares, children }) => shares === null || shares.length === children.length, 'a share for each child')
  ])
)

function leavesOf(node: SessionLayoutNode): string[] {
  return 'children' in node ? node.children.flatMap(leavesOf) : [node.pane]
}

/** Whether a tree holds every pane exactly once, and no other. */
export function isWholeLayout(tree: SessionLayoutNode, panes: readonly { id: string }[]): boolean {
  const leaves = leavesOf(tree).sort()
  const ids = panes.map((pane) => pane.id).sort()
  return new Set(ids).size === ids.length && leaves.length === ids.length && leaves.every((leaf, i) => leaf === ids[i])
}
