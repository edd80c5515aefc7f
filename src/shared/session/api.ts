import { z } from 'zod'
import { sessionFileSchema } from './session-file.ts'

/** How a tomogram of a session was found: the same, another of its name, not at all, or where it may not be read (`serve`). */
export const fileStateSchema = z.enum(['there', 'changed', 'missing', 'forbidden'])
export type FileState = z.infer<typeof fileStateSchema>

export const openSessionRequestSchema = z.object({
  /** A session file, or an autosave by its id. */
  source: z.union([z.object({ path: z.string().min(1) }), z.object({ autosave: z.string().min(1).max(200) })]),
  /** Files that a person pointed to, by key. */
  located: z.record(z.string(), z.string()).default({})
})
export type SessionSource = z.infer<typeof openSessionRequestSchema>['source']

export const openedSessionSchema = z.object({
  /** Null for an autosave of what was never saved. */
  path: z.string().nullable(),
  /** With absolute paths. */
  session: sessionFileSchema,
  states: z.record(z.string(), fileStateSchema),
  /** Whether there is more in it than in the file at `path`. */
  unsaved: z.boolean()
})
export type OpenedSession = z.infer<typeof openedSessionSchema>

export const saveSessionRequestSchema = z.object({
  path: z.string().min(1),
  session: sessionFileSchema,
  /** Replaces a session that is there. */
  force: z.boolean().default(false)
})
export const savedSessionSchema = z.object({ path: z.string() })

/** Names a window among those of one program: the tabs of a browser. */
export const windowIdSchema = z.string().regex(/^[\w-]{1,64}$/)

export const autosaveRequestSchema = z.object({
  session: sessionFileSchema,
  path: z.string().nullable(),
  unsaved: z.boolean(),
  /** The window goes, in order. */
  leaving: z.boolean().default(false)
})

/** What an earlier program, another window of this one, or this page before it was loaded again, had open. */
export const autosaveOfferSchema = z.object({
  id: z.string(),
  savedAt: z.string(),
  /**
   * left: a program ended with it; crashed: a program or a window that did not end properly; closed: another window of this program was closed
   * with it; own: of this window.
   */
  state: z.enum(['left', 'crashed', 'closed', 'own']),
  /** Name of the session file, and of the tomograms. */
  name: z.string().nullable(),
  tomograms: z.array(z.string())
})
export type AutosaveOffer = z.infer<typeof autosaveOfferSchema>

export const recentFileSchema = z.object({
  path: z.string(),
  name: z.string(),
  kind: z.enum(['tomogram', 'session']),
  openedAt: z.string()
})
export type RecentFile = z.infer<typeof recentFileSchema>
export const recentFileRequestSchema = z.object({ path: z.string().min(1) })
