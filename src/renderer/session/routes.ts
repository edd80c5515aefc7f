import { z } from 'zod'
import { jobSchema } from '../../shared/jobs.ts'
import {
  autosaveOfferSchema,
  openedSessionSchema,
  recentFileSchema,
  savedSessionSchema,
  type SessionSource
} from '../../shared/session/api.ts'
import type { SessionFile } from '../../shared/session/session-file.ts'
import { request, requestJson } from '../api/request.ts'
import { windowId } from '../api/windowId.ts'

const ofWindow = (): string => `?window=${windowId()}`
export const autosaveRoute = (): string => `/api/sessions/autosave${ofWindow()}`
export const leaveRoute = (): string => `/api/sessions/autosave/leave${ofWindow()}`

export const openSessionFile = (source: SessionSource, located: Readonly<Record<string, string>>) =>
  requestJson(openedSessionSchema, '/api/sessions/open', { body: { source, located } })
export const saveSessionFile = (path: string, session: SessionFile, force: boolean) =>
  requestJson(savedSessionSchema, `/api/sessions/save${ofWindow()}`, { body: { path, session, force } })
/** The runs of a tomogram, once those that lie beside it are listed. */
export const runsOf = (volumeId: string) =>
  requestJson(z.array(jobSchema), `/api/volumes/${encodeURIComponent(volumeId)}/runs`)

export const listAutosaves = () => requestJson(z.array(autosaveOfferSchema), `/api/sessions/autosaves${ofWindow()}`)
export const putAutosave = (body: { session: SessionFile; path: string | null; unsaved: boolean }) =>
  request(autosaveRoute(), { method: 'PUT', body })
export const dropAutosave = () => request(autosaveRoute(), { method: 'DELETE' })
export const discardAutosave = (id: string) =>
  request(`/api/sessions/autosaves/${encodeURIComponent(id)}`, { method: 'DELETE' })

export const listRecent = () => requestJson(z.array(recentFileSchema), '/api/recent')
export const rememberRecent = (path: string) => request('/api/recent', { body: { path } })
export const openRecentFile = (path: string) => request('/api/recent/open', { body: { path } })
export const clearRecentFiles = () => request('/api/recent', { method: 'DELETE' })
