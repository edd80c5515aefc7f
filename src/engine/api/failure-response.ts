import { httpStatus, toFailure, WedgeviewError } from '../../shared/errors.ts'
import type { Failure } from '../../shared/errors.ts'
import { z } from 'zod'

/** Codes whose HTTP status is not the one of their kind. */
const statusOfCode: Readonly<Record<string, number>> = {
  'path-not-allowed': 403,
  'no-such-route': 404,
  'volume-unknown': 404,
  'job-unknown': 404,
  'run-unknown': 404,
  'request-too-large': 413
}

/** Any thrown thing as the body and status of a refusal. */
export function failureResponse(error: unknown): Response {
  const failure = error instanceof z.ZodError ? schemaFailure(error) : toFailure(error)
  return Response.json(failure, {
    status: statusOfCode[failure.code] ?? httpStatus[failure.kind],
    headers: { 'Cache-Control': 'no-store' }
  })
}

function schemaFailure(error: z.ZodError): Failure {
  const problems = error.issues.map(({ path, message }) =>
    path.length > 0 ? `${path.join('.')}: ${message}` : message
  )
  return {
    kind: 'usage',
    code: 'bad-request',
    message: `The request is not as the interface expects: ${problems.join('; ')}.`,
    hint: 'Correct the named fields.'
  }
}

/** A query, path or JSON body that fits its schema. @throws z.ZodError, answered as 400 */
export function parsed<S extends z.ZodType>(schema: S, value: unknown): z.infer<S> {
  return schema.parse(value)
}

/** The JSON body of a request. @throws WedgeviewError `bad-request` where it is not JSON */
export async function jsonBody<S extends z.ZodType>(request: Request, schema: S): Promise<z.infer<S>> {
  let body: unknown
  try {
    body = await request.json()
  } catch (error) {
    throw new WedgeviewError('usage', 'bad-request', 'The body is not JSON.', 'Send a JSON document.', { cause: error })
  }
  return schema.parse(body)
}
