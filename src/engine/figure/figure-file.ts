import { readFile, stat } from 'node:fs/promises'
import { WedgeviewError } from '../../shared/errors.ts'
import { figureSpecSchema } from '../../shared/figure.ts'
import type { FigureSpec } from '../../shared/figure.ts'

/** Far above any SPEC, far below what could not be read. */
const byteLimit = 8 << 20

/** What a command line may give in place of what a SPEC says. */
export type FigureOverrides = Partial<Pick<FigureSpec, 'dpi' | 'widthMm'>>

/** Reads a saved SPEC. @throws WedgeviewError input / `figure-spec` */
export async function readFigureSpec(path: string, overrides: FigureOverrides = {}): Promise<FigureSpec> {
  let text: string
  try {
    if ((await stat(path)).size > byteLimit) throw badSpec(path, 'it is far too large', null)
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw error instanceof WedgeviewError ? error : badSpec(path, 'it can’t be read', error)
  }
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch (error) {
    throw badSpec(path, 'it is not JSON', error)
  }
  const spec = figureSpecSchema.safeParse(
    typeof document === 'object' && document !== null ? { ...document, ...overrides } : document
  )
  if (spec.success) return spec.data
  const problems = spec.error.issues.map(({ path: at, message }) => `${at.join('.')}: ${message}`)
  throw new WedgeviewError(
    'input',
    'figure-spec',
    `The figure SPEC is not as expected: ${problems.join('; ')}.`,
    'Correct the named fields, or save the SPEC from the window again.'
  )
}

function badSpec(path: string, problem: string, cause: unknown): WedgeviewError {
  const message = `${path} is not a figure SPEC: ${problem}.`
  return new WedgeviewError('input', 'figure-spec', message, 'Give a SPEC that the window saved.', { cause })
}
