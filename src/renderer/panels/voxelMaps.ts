import { useEffect, useState } from 'react'
import { planeAxes, type Plane, type XYZ } from '../../shared/axes.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { getContrast } from '../api/contrast.ts'
import { LatestRequest } from '../api/latest.ts'
import type { Slice, SliceKey } from '../api/sliceCache.ts'
import { previewQueryOf, useFamilyBench } from '../family/familyStore.ts'
import type { PaneModel } from '../slices/paneModel.ts'
import { sliceCache } from '../slices/sliceLayers.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'
import { valueInSlice } from './valueInSlice.ts'

/** The maps of one run that say how sure a voxel is. */
export interface RunMaps {
  std: OpenVolume
  mean: OpenVolume | null
  wedgeShare: OpenVolume | null
}

/** Of the run whose map is shown, else of the one drawn over it, else of the latest with an SD; null where there is none. */
export function runMapsOf(
  { base, overlay, tomogram }: Pick<PaneModel, 'base' | 'overlay' | 'tomogram'>,
  volumes: readonly OpenVolume[]
): RunMaps | null {
  const own = volumes.filter((volume) => volume.runId !== null && tomogramOf(volume) === tomogram.id)
  const withRole = (role: OpenVolume['role'], run: string | null | undefined): OpenVolume | null =>
    own.find((volume) => volume.role === role && volume.runId === run) ?? null
  const std =
    withRole('std', base.runId) ??
    withRole('std', overlay?.volume.runId) ??
    own.filter(({ role }) => role === 'std').at(-1) ??
    null
  return std && { std, mean: withRole('mean', std.runId), wedgeShare: withRole('wedge-share', std.runId) }
}

/** A voxel's values in the maps of a run; null where a map is missing, does not cover the voxel, or is still on its way. */
export interface VoxelReading {
  std: number | null
  wedgeShare: number | null
  /** |mean - background| / SD; mean and SD of the posterior at this voxel, background the tomogram's median grey value. */
  snr: number | null
}

export function snrOf(mean: number | null, std: number | null, background: number | null): number | null {
  if (mean === null || std === null || background === null || !(std > 0)) return null
  return Math.abs(mean - background) / std
}

type Slices = Readonly<Record<keyof RunMaps, Slice | null>>
const noSlices: Slices = { std: null, mean: null, wedgeShare: null }

/**
 * Reads a voxel in the maps of a run. Their slices in the plane pointed at are fetched whole (and shared with the panes), so that
 * the numbers follow the pointer; null maps: nothing to read.
 */
export function useVoxelReading(maps: RunMaps | null, plane: Plane, voxel: XYZ): VoxelReading | null {
  const [slices, setSlices] = useState<Slices>(noSlices)
  const [latest] = useState(
    () =>
      new LatestRequest<Readonly<Record<keyof RunMaps, SliceKey | null>>, Slices>(
        async (keys) => {
          const load = (key: SliceKey | null): Promise<Slice | null> | null => key && sliceCache.get(key)
          const [std, mean, wedgeShare] = await Promise.all([load(keys.std), load(keys.mean), load(keys.wedgeShare)])
          return { std, mean, wedgeShare }
        },
        (loaded) => setSlices(loaded),
        // The slice panes say what is wrong with a map; here there is simply no number.
        () => setSlices(noSlices)
      )
  )
  useEffect(() => () => latest.abort(), [latest])
  const at = voxel[planeAxes[plane].normal]
  const background = useBackground(maps ? tomogramOf(maps.std) : null)
  const { std = null, mean = null, wedgeShare = null } = maps ?? {}
  // What is shown for another temperature is read for it, too.
  const predicted = useFamilyBench((state) => previewQueryOf(state, std))
  useEffect(() => {
    if (std)
      latest.request({
        std: keyOf(std, plane, at, predicted),
        mean: keyOf(mean, plane, at, ''),
        wedgeShare: keyOf(wedgeShare, plane, at, predicted)
      })
  }, [latest, std, mean, wedgeShare, plane, at, predicted])
  if (!maps) return null
  const read = (name: keyof RunMaps): number | null => {
    const volume = maps[name]
    return volume && valueInSlice(slices[name], volume, voxel)
  }
  const sd = read('std')
  return { std: sd, wedgeShare: read('wedgeShare'), snr: snrOf(read('mean'), sd, background) }
}

function keyOf(volume: OpenVolume | null, plane: Plane, at: number, filters: string): SliceKey | null {
  if (!volume) return null
  const { normal } = planeAxes[plane]
  const index = at - (volume.region?.box[normal][0] ?? 0)
  const isInside = index >= 0 && index < volume.info.size[normal]
  return isInside ? { volumeId: volume.id, revision: volume.revision, plane, index, filters } : null
}

/** By tomogram; files don't change while they are open. */
const backgrounds = new Map<string, Promise<number | null>>()

/** The median grey value of a tomogram: most of its voxels are solvent. */
function useBackground(tomogram: string | null): number | null {
  const [known, setKnown] = useState<{ tomogram: string; median: number | null } | null>(null)
  const isOpen = useVolumes((state) => tomogram !== null && tomogram in state.volumes)
  useEffect(() => {
    if (tomogram === null || !isOpen) return
    let wanted = true
    let asked = backgrounds.get(tomogram)
    if (!asked) {
      asked = getContrast(tomogram, null).then(({ median }) => median)
      backgrounds.set(tomogram, asked)
      asked.catch(() => backgrounds.delete(tomogram))
    }
    asked.then(
      (median) => wanted && setKnown({ tomogram, median }),
      () => undefined
    )
    return () => {
      wanted = false
    }
  }, [tomogram, isOpen])
  return known?.tomogram === tomogram ? known.median : null
}
