import { z } from 'zod'
import { ApiFailure, failureOfResponse } from './failures.ts'

// The window's security policy forbids evaluated code, which zod's compiled parsers would need.
z.config({ jitless: true })

export interface RequestOptions {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
}

/** One request to the engine, same origin. @throws {ApiFailure} when the engine refuses */
export async function request(path: string, options: RequestOptions = {}): Promise<Response> {
  const { method = options.body === undefined ? 'GET' : 'POST', body, signal } = options
  const response = await fetch(path, {
    method,
    headers: body === undefined ? undefined : { 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal
  })
  if (!response.ok) throw new ApiFailure(await failureOfResponse(response))
  return response
}

/** A JSON answer, checked at the boundary. */
export async function requestJson<Schema extends z.ZodType>(
  schema: Schema,
  path: string,
  options?: RequestOptions
): Promise<z.output<Schema>> {
  const response = await request(path, options)
  const parsed = schema.safeParse(await response.json())
  if (parsed.success) return parsed.data
  throw new ApiFailure({
    kind: 'job',
    code: 'unexpected-answer',
    message: `The engine's answer to ${path} is not what this window expects: ${z.prettifyError(parsed.error)}`,
    hint: 'Window and engine are of different versions; reload the window.'
  })
}
