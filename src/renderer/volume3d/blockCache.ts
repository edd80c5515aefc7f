import { formatBox } from '../../shared/axes.ts'
import type { BlockRequest } from './blockLimits.ts'
import { loadBlock, type LoadedBlock } from './loadBlock.ts'
import { bytesOf } from './voxels/codes.ts'

/** For all blocks that are kept. */
const keptBytes = 3 << 28

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
export async function blockOf(
  request: BlockRequest,
  signal: AbortSignal,
  onProgress?: (share: number) => void
): Promise<LoadedBlock> {
  const key = blockKey(request)
  const before = keptBlock(key)
  if (before) return before
  const block = await loadBlock(request, signal, onProgress)
  kept.set(key, block)
  let bytes = 0
  for (const { voxels } of kept.values()) bytes += bytesOf(voxels)
  for (const [oldest, { voxels }] of kept) {
    if (bytes <= keptBytes || oldest === key) break
    kept.delete(oldest)
    bytes -= bytesOf(voxels)
  }
  return block
}
