import { z } from 'zod'
import type { NewJob, Truncated } from '../../shared/api.ts'
import {
  fileListingSchema,
  histogramSchema,
  jobEstimateSchema,
  sessionInfoSchema,
  wedgeReportSchema
} from '../../shared/api.ts'
import { formatBox, type Box, type Plane, type XYZ } from '../../shared/axes.ts'
import { bundleSummarySchema } from '../../shared/bundles.ts'
import { jobSchema } from '../../shared/jobs.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { request, requestJson } from './request.ts'

/** The engine's routes as functions; src/shared/api.ts lists them. */

const volumePath = (id: string): string => `/api/volumes/${encodeURIComponent(id)}`

export const getSession = () => requestJson(sessionInfoSchema, '/api/session')

export const listFiles = (path: string | null, signal?: AbortSignal) =>
  requestJson(fileListingSchema, `/api/files${path === null ? '' : `?path=${encodeURIComponent(path)}`}`, { signal })

export const openVolume = (path: string, truncated: Truncated) =>
  requestJson(openVolumeSchema, '/api/volumes', { body: { path, truncated } })
export const listVolumes = () => requestJson(z.array(openVolumeSchema), '/api/volumes')
export const getVolume = (id: string, signal?: AbortSignal) => requestJson(openVolumeSchema, volumePath(id), { signal })
/** B on A's grid, as a volume in the engine's memory. */
export const resampleVolume = (id: string, onto: string) =>
  requestJson(openVolumeSchema, `${volumePath(id)}/resample`, { body: { onto } })
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

/** A slice as the engine sent it: exact, or from a coarse level of a large volume. */
export interface FetchedSlice extends Raster {
  revision: number
  /** Voxels that one value covers along rows and columns; 1 and 1: the file's own values. */
  binning: { row: number; column: number }
}

export interface SliceOptions {
  /** 0 is exact, auto the finest level that can be read at once. */
  level?: 0 | 'auto'
  /** ahead: nobody waits for it yet. */
  priority?: 'visible' | 'ahead'
  /** As `sliceFiltersQuery` writes them. */
  filters?: string
  signal?: AbortSignal
}

export async function getSlice(
  id: string,
  plane: Plane,
  index: number,
  { level = 0, priority = 'visible', filters = '', signal }: SliceOptions = {}
): Promise<FetchedSlice> {
  const query = `plane=${plane}&index=${index}&level=${level}&priority=${priority}&pack=true${filters}`
  const response = await request(`${volumePath(id)}/slice?${query}`, { signal })
  const binning = { row: number(response, 'X-Row-Binning') || 1, column: number(response, 'X-Column-Binning') || 1 }
  return { ...(await rasterOf(response)), revision: number(response, 'X-Revision'), binning }
}

export async function getSpectrum(id: string, plane: Plane, signal?: AbortSignal): Promise<Raster> {
  return rasterOf(await request(`${volumePath(id)}/spectrum?plane=${plane}`, { signal }))
}

export async function rasterOf(response: Response): Promise<Raster> {
  const body = await response.arrayBuffer()
  const values = new Float32Array(storedAs(body, response.headers.get('X-Type')))
  return { rows: number(response, 'X-Rows'), columns: number(response, 'X-Columns'), values }
}

/** Little-endian, as all browsers are. */
function storedAs(body: ArrayBuffer, type: string | null): ArrayBuffer | Int16Array | Uint16Array {
  if (type === 'int16') return new Int16Array(body)
  if (type === 'uint16') return new Uint16Array(body)
  return body
}

function number(response: Response, header: string): number {
  return Number(response.headers.get(header) ?? 0)
}

/** The address of a volume's MRC file, for saving. */
export const volumeFilePath = (id: string): string => `${volumePath(id)}/file`

/** The address of a box of a volume as an MRC file, for saving. */
export const volumeRegionPath = (id: string, box: Box): string => `${volumePath(id)}/region?box=${formatBox(box)}`

export const listBundles = () => requestJson(z.array(bundleSummarySchema), '/api/bundles')
export const openBundle = (path: string) => requestJson(bundleSummarySchema, '/api/bundles', { body: { path } })

export const listJobs = () => requestJson(z.array(jobSchema), '/api/jobs')
export const startJob = (job: NewJob) => requestJson(jobSchema, '/api/jobs', { body: job })
export const estimateJob = (job: NewJob, signal?: AbortSignal) =>
  requestJson(jobEstimateSchema, '/api/jobs/estimate', { body: job, signal })
export const cancelJob = (id: string) =>
  requestJson(jobSchema, `/api/jobs/${encodeURIComponent(id)}/cancel`, { method: 'POST' })
export const deleteRun = (id: string) => request(`/api/runs/${encodeURIComponent(id)}`, { method: 'DELETE' })

/** The address of a finished run for another program, for saving. */
export const runExportPath = (id: string, program: 'chimerax' | 'diagnostics.csv'): string =>
  `/api/runs/${encodeURIComponent(id)}/${program}`
/** A command line that opens a finished run's maps in 3dmod. */
export const getThreeDmodCommand = async (id: string): Promise<string> =>
  (await requestJson(z.object({ command: z.string() }), `/api/runs/${encodeURIComponent(id)}/3dmod`)).command
