import { join } from 'node:path'
import type { z } from 'zod'
import type { Failure } from '../../shared/errors.ts'
import { failureSchema } from '../../shared/errors.ts'
import type { SpawnRunner } from '../runner/port.ts'
import { createApi } from './index.ts'
import type { Api, ApiOptions } from './options.ts'
import { folderPolicy } from './path-access.ts'

/** The API over one folder, called as a mount would call it. */
export interface TestApi {
  api: Api
  call(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Response>
  /** The JSON of a successful answer, checked. */
  json<S extends z.ZodType>(schema: S, method: string, path: string, body?: unknown): Promise<z.infer<S>>
  /** The refusal and its status; throws where the answer is none. */
  refusal(method: string, path: string, body?: unknown): Promise<Failure & { status: number }>
}

const noRunner: SpawnRunner = () => {
  throw new Error('this test runs no networks')
}

export async function testApi(folder: string, options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const api = createApi({
    mount: 'browser',
    version: '1.2.3',
    paths: await folderPolicy([folder]),
    spawnRunner: noRunner,
    resources: join(folder, 'resources'),
    runsFallback: join(folder, 'runs'),
    initialFiles: [],
    root: folder,
    ...options
  })
  const call: TestApi['call'] = (method, path, body, signal) =>
    api.fetch(
      new Request(`http://localhost${path}`, {
        method,
        signal: signal ?? null,
        ...(body === undefined
          ? {}
          : {
              body: typeof body === 'string' ? body : JSON.stringify(body),
              headers: { 'Content-Type': 'application/json' }
            })
      })
    )
  return {
    api,
    call,
    async json(schema, method, path, body) {
      const response = await call(method, path, body)
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
      return schema.parse(await response.json())
    },
    async refusal(method, path, body) {
      const response = await call(method, path, body)
      if (response.ok) throw new Error(`${method} ${path} was not refused`)
      return { ...failureSchema.parse(await response.json()), status: response.status }
    }
  }
}

/** Server-sent events of a response, one JSON document at a time. */
export async function* sentEvents<S extends z.ZodType>(response: Response, schema: S): AsyncGenerator<z.infer<S>> {
  if (!response.body) throw new Error('the response has no body')
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true })
    const messages = text.split('\n\n')
    text = messages.pop() ?? ''
    for (const message of messages) if (message.startsWith('data: ')) yield schema.parse(JSON.parse(message.slice(6)))
  }
}
