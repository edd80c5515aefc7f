import type { Box, XYZ } from '../../shared/axes.ts'
import { wholeBox } from '../../shared/axes.ts'
import { ApiFailure, failureOfResponse } from '../api/failures.ts'
import { longestSide } from './graphicsLimits.ts'
import { useVolumes } from '../stores/volumes.ts'
import { blockVoxels, type BlockRequest } from './blockLimits.ts'
import type { BlockFacts } from './blockFacts.ts'
import type { BrickLevels } from './bricks.ts'
import type { BlockWish } from './voxels/blockReader.ts'
import type { BlockAnswer } from './voxels/blockWorker.ts'
import type { Voxels } from './voxels/codes.ts'

/** A block of voxels as it came, and what its values are like. */
export interface LoadedBlock {
  volumeId: string
  revision: number
  voxels: Voxels
  size: XYZ
  /** What it covers, in the volume's own voxels. */
  box: Box
  facts: BlockFacts
  bricks: BrickLevels
}

/**
 * Fetches a box, at most `limit` voxels of it, and at most what a texture holds along any axis: larger ones come binned. A thread of its own
 * reads them and works out what is drawn from them, so that the window stays alive.
 *
 * @param onProgress share that has been done, 0 to 1
 * @throws {ApiFailure}; the signal's reason where it was aborted
 */
export async function loadBlock(
  { volumeId, box, limit, exact = false }: BlockRequest,
  signal: AbortSignal,
  onProgress: (share: number) => void = () => undefined
): Promise<LoadedBlock> {
  signal.throwIfAborted()
  const volume = useVolumes.getState().volumes[volumeId]
  if (!volume) throw new Error(`Volume ${volumeId} is not open any more.`)
  const path = new URL(`/api/volumes/${encodeURIComponent(volumeId)}/block`, location.href).href
  const wish: BlockWish = {
    path,
    box: box ?? wholeBox(volume.info.size),
    limit,
    side: longestSide(),
    // What a run made is compared with levels to the bit where members cross them.
    coded: !exact && (volume.runId === null || limit > blockVoxels)
  }
  const worker = new Worker(new URL('./voxels/blockWorker.ts', import.meta.url), { type: 'module' })
  return await new Promise<LoadedBlock>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error))
    worker.addEventListener('error', ({ message }) =>
      reject(new Error(message || 'A thread that reads voxels failed.'))
    )
    worker.addEventListener('message', ({ data: said }: MessageEvent<BlockAnswer>) => {
      if (said.kind === 'progress') onProgress(said.share)
      else if (said.kind === 'read') resolve({ volumeId, ...said.read })
      else refusalOf(said).then(reject, reject)
    })
    worker.postMessage(wish)
  }).finally(() => worker.terminate())
}

async function refusalOf(said: Extract<BlockAnswer, { kind: 'refused' | 'failed' }>): Promise<Error> {
  if (said.kind === 'refused') {
    const { status, statusText } = said
    return new ApiFailure(await failureOfResponse(new Response(said.body, { status, statusText })))
  }
  // As `fetch` throws where nobody answers.
  return said.name === 'TypeError' ? new TypeError(said.message) : new Error(said.message)
}
