import { ApiFailure, failureOf } from '../api/failures.ts'
import { request, type RequestOptions } from '../api/request.ts'
import { volumeFilePath, volumeRegionPath } from '../api/routes.ts'
import { sayFailure, sayNotice } from '../stores/messages.ts'
import type { Box } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'

/** Saves an answer of the engine: on the desktop where the dialog says, in a browser as a download. */
export async function saveResponse(path: string, body: unknown, suggestedName: string): Promise<void> {
  try {
    const saved = window.desktop
      ? await window.desktop.saveResponse(body === undefined ? { path } : { path, body }, suggestedName)
      : await download(path, { body }, suggestedName)
    if (saved !== null) sayNotice(`Saved ${saved}`)
  } catch (error) {
    if (error instanceof ApiFailure) sayFailure(error.failure)
    else sayFailure({ ...failureOf(error), hint: 'Choose another place, or check that the disk has room.' })
  }
}

async function download(path: string, options: RequestOptions, suggestedName: string): Promise<string> {
  const response = await request(path, options)
  const address = URL.createObjectURL(await response.blob())
  const link = document.createElement('a')
  link.href = address
  link.download = suggestedName
  link.click()
  URL.revokeObjectURL(address)
  return suggestedName
}

export function saveVolume(volume: OpenVolume): Promise<void> {
  return saveResponse(volumeFilePath(volume.id), undefined, suggestedVolumeName(volume))
}

/** A copy with cubic voxels of `voxelSizeAngstrom`. */
export function saveResampled(volume: OpenVolume, voxelSizeAngstrom: number): Promise<void> {
  const name = suggestedVolumeName(volume).replace(/\.\w+$/, `-${voxelSizeAngstrom}A.mrc`)
  return saveResponse(`${volumeFilePath(volume.id)}?voxelSizeAngstrom=${voxelSizeAngstrom}`, undefined, name)
}

/** Saves a box of a volume, in its own voxels. */
export function saveRegion(volume: OpenVolume, box: Box): Promise<void> {
  const name = suggestedVolumeName(volume).replace(/\.\w+$/, '')
  return saveResponse(volumeRegionPath(volume.id, box), undefined, `${name}-region.mrc`)
}

function suggestedVolumeName(volume: OpenVolume): string {
  const name = volume.name.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '')
  return /\.(mrc|map|rec|mrcs|st|ali)$/i.test(name) ? name : `${name}.mrc`
}
