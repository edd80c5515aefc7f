import type { ContinueJob } from '../../shared/api.ts'
import { wholeBox } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Job, ReconstructRequest } from '../../shared/jobs.ts'
import type { VolumeInfo } from '../../shared/volumes.ts'
import { assertBox } from '../volume/volume.ts'

/**
 * What goes on from the chains of a run, at another temperature, region or number of steps; all else is as it was.
 *
 * @throws WedgeviewError `continue-unsuitable`, `bundle-unknown`, `roi-outside`
 */
export function continuedRequest(
  { request: before, run }: Pick<Job, 'request' | 'run'>,
  { gamma, region, settings }: ContinueJob['continueFrom'],
  info: VolumeInfo
): Omit<ReconstructRequest, 'outPath'> {
  if (before.method !== 'cryowgen-2')
    throw new WedgeviewError(
      'input',
      'continue-unsuitable',
      'This run has no chains to go on from.',
      'Only CryoWGEN-II draws its family by chains.'
    )
  if (before.bundlePath === '')
    throw new WedgeviewError(
      'input',
      'bundle-unknown',
      `The bundle ${run?.bundle.name ?? 'of this run'} is not where it was.`,
      'Open the bundle, then try again.'
    )
  const roi = region ?? before.roi ?? wholeBox(info.size)
  assertBox(info, roi)
  const { volumePath, bundlePath, wedge, wedgeSource, device, threads, sampler } = before
  return {
    volumePath,
    bundlePath,
    method: 'cryowgen-2',
    wedge,
    wedgeSource,
    roi,
    settings: { ...settings, gamma },
    device,
    threads,
    ...(sampler && { sampler }),
    continueFrom: { runPath: before.outPath }
  }
}
