import { contrastOfBoxSchema } from '../../shared/api.ts'
import { formatBox, type Box } from '../../shared/axes.ts'
import { requestJson } from './request.ts'

/** Robust limits and median of a box in the volume's own voxels; null: all of it. */
export const getContrast = (id: string, box: Box | null, signal?: AbortSignal) =>
  requestJson(
    contrastOfBoxSchema,
    `/api/volumes/${encodeURIComponent(id)}/contrast${box ? `?box=${formatBox(box)}` : ''}`,
    { signal }
  )
