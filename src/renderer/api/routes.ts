import { z } from 'zod'
import type { NewJob } from '../../shared/api.ts'
import {
  fileListingSchema,
  histogramSchema,
  jobEstimateSchema,
  sessionInfoSchema,
  wedgeReportSchema
} from '../../shared/api.ts'
import type { Plane, XYZ } from '../../shared/axes.ts'
import { bundleSummarySchema } from '../../shared/bundles.ts'
import { jobSchema } from '../../shared/jobs.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { request, requestJson } from './request.ts'

/** The engine's routes as functions; src/shared/api.ts lists them. */

const volumePath = (id: string): string => `/api/volumes/${encodeURIComponent(id)}`

export const getSession = () => requestJson(sessionInfoSchema, '/api/session')

export const listFiles = (path: string | null, signal?: AbortSignal) =>
  requestJson(fileListingSchema, `/api/files${path === null ? '' : `?path=${encodeURIComponent(path)}`}`, { signal })

export const openVolume = (path: string) => requestJson(openVolumeSchema, '/api/volumes', { body: { path } })
export const listVolumes = () => requestJson(z.array(openVolumeSchema), '/api/volumes')
export const getVolume = (id: string, signal?: AbortSignal) => requestJson(openVolumeSchema, volumePath(id), { signal })
export const closeVolume = (id: string) => request(volumePath(id), { method: 'DELETE' })
export const getHistogram = (id: string, signal?: AbortSignal) =>
  requestJson(histogramSchema, `${volumePath(id)}/histogram`, { signal })
export const getWedge = (id: string, signal?: AbortSignal) =>
  requestJson(wedgeReportSchema, `${volumePath(id)}/wedge`, { signal })

const valueSchema = z.object({ value: z.number().nullable() })
/** The grey value of one voxel; NaN where it is not a number (JSON has no NaN). */
export async function getValue(id: string, voxel: XYZ, signal?: AbortSignal): Promise<number> {
  const path = `${volumePath(id)}/values?x=${voxel.x}&y=${voxel.y}&z=${voxel.z}`
  return (await requestJson(valueSchema, path, { signal })).value ?? Number.NaN
}

/** A plane of numbers, C order, row 0 first. */
export interface Raster {
  rows: number
  columns: number
  values: Float32Array
}

async function getRaster(path: string, signal?: AbortSignal): Promise<Raster & { revision: number }> {
  const response = await request(path, { signal })
  const header = (name: string): number => Number(response.headers.get(name) ?? 0)
  const values = new Float32Array(await response.arrayBuffer())
  return { rows: header('X-Rows'), columns: header('X-Columns'), revision: header('X-Revision'), values }
}

export const getSlice = (id: string, plane: Plane, index: number, signal?: AbortSignal) =>
  getRaster(`${volumePath(id)}/slice?plane=${plane}&index=${index}`, signal)
export const getSpectrum = (id: string, plane: Plane, signal?: AbortSignal) =>
  getRaster(`${volumePath(id)}/spectrum?plane=${plane}`, signal)

/** The address of a volume's MRC file, for saving. */
export const volumeFilePath = (id: string): string => `${volumePath(id)}/file`

export const listBundles = () => requestJson(z.array(bundleSummarySchema), '/api/bundles')
export const openBundle = (path: string) => requestJson(bundleSummarySchema, '/api/bundles', { body: { path } })

export const listJobs = () => requestJson(z.array(jobSchema), '/api/jobs')
export const startJob = (job: NewJob) => requestJson(jobSchema, '/api/jobs', { body: job })
export const estimateJob = (job: NewJob, signal?: AbortSignal) =>
  requestJson(jobEstimateSchema, '/api/jobs/estimate', { body: job, signal })
export const cancelJob = (id: string) =>
  requestJson(jobSchema, `/api/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST' })
export const deleteRun = (id: string) => request(`/api/runs/${encodeURIComponent(id)}`, { method: 'DELETE' })
