import { readBlock, Refused, type BlockRead, type BlockWish } from './blockReader.ts'

/** What the window hears: how far it is, and at last the block or why there is none. */
export type BlockAnswer =
  | { kind: 'progress'; share: number }
  | { kind: 'read'; read: BlockRead }
  | { kind: 'refused'; status: number; statusText: string; body: string }
  | { kind: 'failed'; name: string; message: string }

const answer = (said: BlockAnswer, transfer: Transferable[] = []): void => postMessage(said, { transfer })

addEventListener('message', ({ data: wish }: MessageEvent<BlockWish>) => {
  readBlock(wish, (share) => answer({ kind: 'progress', share })).then(
    (read) => {
      const { voxels, bricks, facts } = read
      const arrays = [...voxels.slabs, bricks.fine.extremes, bricks.coarse.extremes, facts.histogram]
      answer({ kind: 'read', read }, [...new Set(arrays.map(({ buffer }) => buffer))])
    },
    async (error: unknown) => {
      if (error instanceof Refused) {
        const { status, statusText } = error.response
        answer({ kind: 'refused', status, statusText, body: await error.response.text() })
      } else {
        const { name, message } = error instanceof Error ? error : new Error(String(error))
        answer({ kind: 'failed', name, message })
      }
    }
  )
})
