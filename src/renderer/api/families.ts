import type { ContinueJob } from '../../shared/api.ts'
import { formatBox, type Box, type Plane, type XYZ } from '../../shared/axes.ts'
import { directionsSchema, temperingSchema, voxelFamilySchema } from '../../shared/directions.ts'
import { jobSchema } from '../../shared/jobs.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { request, requestJson } from './request.ts'
import { rasterOf, type Raster } from './routes.ts'

/** The engine's routes for directions and families as functions; src/shared/api.ts lists them. */

const volumePath = (id: string): string => `/api/volumes/${encodeURIComponent(id)}`
const familyPath = (runId: string): string => `/api/families/${encodeURIComponent(runId)}`
const boxQuery = (box: Box | null): string => (box ? `&box=${formatBox(box)}` : '')

function wedgeQuery({ tiltAxis, beamAxis, tiltMin, tiltMax, edgeSoftness, lowPass }: Wedge): string {
  const limit = lowPass === null ? '' : `&lowPass=${lowPass}`
  return `tiltAxis=${tiltAxis}&beamAxis=${beamAxis}&tiltMin=${tiltMin}&tiltMax=${tiltMax}&edgeSoftness=${edgeSoftness}${limit}`
}

export const getDirections = (id: string, wedge: Wedge, box: Box | null, signal?: AbortSignal) =>
  requestJson(directionsSchema, `${volumePath(id)}/directions?${wedgeQuery(wedge)}${boxQuery(box)}`, { signal })

export const getDeviationDirections = (runId: string, wedge: Wedge, signal?: AbortSignal) =>
  requestJson(directionsSchema, `${familyPath(runId)}/directions?${wedgeQuery(wedge)}`, { signal })

export async function getBoxSpectrum(id: string, plane: Plane, box: Box | null, signal?: AbortSignal): Promise<Raster> {
  return rasterOf(await request(`${volumePath(id)}/box-spectrum?plane=${plane}${boxQuery(box)}`, { signal }))
}

export async function getDeviationSpectrum(runId: string, plane: Plane, signal?: AbortSignal): Promise<Raster> {
  return rasterOf(await request(`${familyPath(runId)}/spectrum?plane=${plane}`, { signal }))
}

/** @param gamma the values predicted for another temperature; null: as they are */
export const getVoxelFamily = (runId: string, { x, y, z }: XYZ, gamma: number | null, signal?: AbortSignal) =>
  requestJson(
    voxelFamilySchema,
    `${familyPath(runId)}/voxel?x=${x}&y=${y}&z=${z}${gamma === null ? '' : `&gamma=${gamma}`}`,
    { signal }
  )

export const getTempering = (runId: string, gamma: number, signal?: AbortSignal) =>
  requestJson(temperingSchema, `${familyPath(runId)}/tempering?gamma=${gamma}`, { signal })

export const continueChains = (job: ContinueJob) => requestJson(jobSchema, '/api/jobs', { body: job })
