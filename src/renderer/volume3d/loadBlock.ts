import type { Box, XYZ } from '../../shared/axes.ts'
import { formatBox, parseBox } from '../../shared/axes.ts'
import { request } from '../api/request.ts'
import { longestSide } from './graphicsLimits.ts'
import { blockFacts, type BlockFacts } from './blockFacts.ts'

/** A block of voxels as it came, and what its values are like. */
export interface LoadedBlock {
  volumeId: string
  revision: number
  data: Float32Array
  size: XYZ
  /** What it covers, in the volume's own voxels. */
  box: Box
  facts: BlockFacts
}

/** Fetches a box (null: everything), at most `limit` voxels of it, and at most what a texture holds along any axis: larger ones come binned. */
export async function loadBlock(
  volumeId: string,
  box: Box | null,
  limit: number,
  signal: AbortSignal
): Promise<LoadedBlock> {
  const query = `limit=${limit}&side=${longestSide()}${box ? `&box=${formatBox(box)}` : ''}`
  const response = await request(`/api/volumes/${encodeURIComponent(volumeId)}/block?${query}`, { signal })
  const data = new Float32Array(await response.arrayBuffer())
  const [x, y, z] = (response.headers.get('X-Size') ?? '').split(',').map(Number)
  const covered = parseBox(response.headers.get('X-Box') ?? '')
  if (!covered || x * y * z !== data.length)
    throw new Error(`The engine's answer for volume ${volumeId} is not a block: ${data.length} values.`)
  const revision = Number(response.headers.get('X-Revision') ?? 0)
  return { volumeId, revision, data, size: { x, y, z }, box: covered, facts: blockFacts(data) }
}
