import { z } from 'zod'
import { WedgeviewError } from '../errors.ts'
import { sessionFileSchema, sessionFormat, sessionVersion, type SessionFile } from './session-file.ts'
import { migratedFrom1, sessionVersion1Schema } from './version-1.ts'

const headSchema = z.object({
  format: z.literal(sessionFormat),
  version: z.number().int().min(1),
  program: z.unknown().optional()
})

/** Older versions, each with what makes the present one of it. A version that is left behind gets a line here, and a fixture in the test. */
const migrations: Readonly<Record<number, (document: unknown) => SessionFile>> = {
  1: (document) => migratedFrom1(sessionVersion1Schema.parse(document))
}

/**
 * A session from a file's text, of this version or an older one.
 *
 * @param name what the file is called in refusals
 * @throws WedgeviewError input / `session-foreign` (no session), `session-newer`, `session-damaged` (and where)
 */
export function readSession(text: string, name: string): SessionFile {
  const document = parsedJson(text, name)
  const head = headSchema.safeParse(document)
  if (!head.success) throw foreign(name)
  const { version } = head.data
  if (version > sessionVersion) throw newer(name, version, head.data.program)
  try {
    return version === sessionVersion ? sessionFileSchema.parse(document) : migrated(document, version)
  } catch (error) {
    throw damaged(name, whereOf(error), error)
  }
}

function migrated(document: unknown, version: number): SessionFile {
  // Through the schema, too: what a migration makes is held to the same as what a file holds.
  return sessionFileSchema.parse(migrations[version](document))
}

function parsedJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    // What begins like one was one: cut off, or changed by hand.
    if (text.trimStart().startsWith('{') && text.includes(sessionFormat))
      throw damaged(name, 'It ends too early.', error)
    throw foreign(name, error)
  }
}

function whereOf(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues
    return `At ${issue.path.join(' › ') || 'the top'}: ${issue.message}.`
  }
  return 'It is nested too deeply.'
}

function foreign(name: string, cause?: unknown): WedgeviewError {
  return new WedgeviewError(
    'input',
    'session-foreign',
    `${name} is no session of Wedgeview.`,
    'Open a .wedgeview file that was saved with Save session; tomograms are opened as they are.',
    { cause }
  )
}

function newer(name: string, version: number, program: unknown): WedgeviewError {
  const by = typeof program === 'string' && program !== '' ? ` by Wedgeview ${program}` : ' by a later Wedgeview'
  return new WedgeviewError(
    'input',
    'session-newer',
    `${name} was saved${by}, in version ${version} of the format; this program reads up to ${sessionVersion}.`,
    'Open it with that version, or open its tomograms by themselves.'
  )
}

function damaged(name: string, where: string, cause: unknown): WedgeviewError {
  return new WedgeviewError(
    'input',
    'session-damaged',
    `${name} is damaged. ${where}`,
    'Open its tomograms by themselves; their runs are listed with them.',
    { cause }
  )
}
