import type { ApiEvent } from '../../shared/jobs.ts'
import { apiEventSchema } from '../../shared/jobs.ts'
import { windowId } from './windowId.ts'

/**
 * Listens to the engine. `onOpen` is called at the start and after every reconnection: what happened
 * meanwhile must then be asked for. Returns a function that stops listening.
 */
export function listenToEngine(listener: {
  onEvent(event: ApiEvent): void
  onOpen(): void
  onLost(): void
}): () => void {
  const source = new EventSource(`/api/events?window=${windowId()}`)
  source.onopen = () => listener.onOpen()
  source.onerror = () => listener.onLost()
  source.onmessage = (message: MessageEvent<string>) => {
    const parsed = apiEventSchema.safeParse(JSON.parse(message.data))
    if (parsed.success) listener.onEvent(parsed.data)
  }
  return () => source.close()
}
