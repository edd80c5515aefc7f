import type { MessagePort } from 'node:worker_threads'
import { voxelsAt } from 'mrc-js'
import { toFailure } from '../../../shared/errors.ts'
import { refused } from '../mrc-volume.ts'
import { readLevelSlice } from '../pyramid/read-level.ts'
import type { ReadCall, ReadReply, ReadRequest } from './protocol.ts'

/** Answers reads that come through `port`. Reads block this thread while they are quick, and go on side by side where they are not. */
export function serveReads(port: MessagePort): void {
  const running = new Map<number, AbortController>()
  const reply = (message: ReadReply, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)

  const read = async (id: number, call: ReadCall): Promise<void> => {
    const controller = new AbortController()
    running.set(id, controller)
    try {
      const data = await slice(call, controller.signal)
      reply({ id, data }, [data.buffer])
    } catch (error) {
      reply({ id, failure: toFailure(error) })
    } finally {
      running.delete(id)
    }
  }

  port.on('message', (message: ReadRequest) => {
    if (message.type === 'read') void read(message.id, message.call)
    else running.get(message.id)?.abort()
  })
}

function slice({ kind, location, plane, index }: ReadCall, signal: AbortSignal): Promise<Float32Array<ArrayBuffer>> {
  return kind === 'level'
    ? readLevelSlice(location, plane, index, { signal, blocking: true })
    : refused(voxelsAt(location).readSlice(plane, index, { signal }))
}
