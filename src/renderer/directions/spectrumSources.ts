import type { Plane } from '../../shared/axes.ts'
import { methods } from '../../shared/methods.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { getBoxSpectrum, getDeviationSpectrum } from '../api/families.ts'
import type { Raster } from '../api/routes.ts'
import type { Family } from '../family/families.ts'
import { layerTitle } from '../panes/layerTitle.ts'

/** Something whose power spectrum can be looked at. */
export interface SpectrumSource {
  id: string
  label: string
  /** Changes with the voxels. */
  state: string
  load(plane: Plane, signal: AbortSignal): Promise<Raster>
  /** What is seen, in a sentence. */
  about: string
}

const summed = 'Power summed over the third axis: the wedge does not depend on the tilt axis, so nothing of it is lost.'

/** The tomogram, the reconstructions that belong to it, and the deviations of each family's members from their mean. */
export function spectrumSources(
  tomogram: OpenVolume,
  reconstructions: readonly OpenVolume[],
  families: readonly Family[]
): SpectrumSource[] {
  const ofVolume = (volume: OpenVolume): SpectrumSource => ({
    id: volume.id,
    label: layerTitle(volume),
    state: String(volume.revision),
    load: (plane, signal) => getBoxSpectrum(volume.id, plane, null, signal),
    about: `Log mean power of its slices, edges tapered (Hann). ${summed}`
  })
  const ofMembers = ({ runId, job, mean, members }: Family): SpectrumSource => ({
    id: `deviations:${runId}`,
    label: `members − mean · ${methods[job.request.method].name}`,
    state: [mean, ...members].map(({ revision }) => revision).join('.'),
    load: (plane, signal) => getDeviationSpectrum(runId, plane, signal),
    about: `Log power of the members’ deviations from their mean, averaged over ${members.length} members: where the family is uncertain. ${summed}`
  })
  return [
    ofVolume(tomogram),
    ...reconstructions.map(ofVolume),
    ...families.filter(({ members }) => members.length > 0).map(ofMembers)
  ]
}
