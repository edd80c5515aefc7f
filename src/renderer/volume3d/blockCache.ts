import type { Box } from '../../shared/axes.ts'
import { formatBox } from '../../shared/axes.ts'
import { loadBlock, type LoadedBlock } from './loadBlock.ts'

/** 256^3: what a picture of this size can show, and 64 MiB. */
export const blockVoxels = 1 << 24
/** For all members of a family together: they are drawn one after the other without being read again. */
export const familyBytes = 1 << 29
/** For all blocks that are kept. */
const keptBytes = 3 << 28

/** A part of a volume, and how many voxels of it: null is all of it. */
export interface BlockRequest {
  volumeId: string
  revision: number
  box: Box | null
  limit: number
}

const kept = new Map<string, LoadedBlock>()

/** The same for the same voxels. A pyramid that has just been finished gives them sooner next time, and no others. */
export function blockKey({ volumeId, revision, box, limit }: BlockRequest): string {
  return `${volumeId}:${revision}:${box ? formatBox(box) : ''}:${limit}`
}

export function keptBlock(key: string): LoadedBlock | null {
  const block = kept.get(key)
  if (!block) return null
  // The one used last goes last.
  kept.delete(key)
  kept.set(key, block)
  return block
}

/** From memory where it was loaded lately. */
export async function blockOf(request: BlockRequest, signal: AbortSignal): Promise<LoadedBlock> {
  const key = blockKey(request)
  const before = keptBlock(key)
  if (before) return before
  const block = await loadBlock(request.volumeId, request.box, request.limit, signal)
  kept.set(key, block)
  let bytes = 0
  for (const { data } of kept.values()) bytes += data.byteLength
  for (const [oldest, { data }] of kept) {
    if (bytes <= keptBytes || oldest === key) break
    kept.delete(oldest)
    bytes -= data.byteLength
  }
  return block
}

/** Voxels that each of so many members may have: all fit into `familyBytes`. */
export function memberVoxels(members: number): number {
  return Math.min(blockVoxels, Math.floor(familyBytes / 4 / Math.max(1, members)))
}
