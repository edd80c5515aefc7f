import { boxSize, wholeBox } from '../../shared/axes.ts'
import type { Axis, XYZ } from '../../shared/axes.ts'
import type { Directions } from '../../shared/directions.ts'
import type { PowerSource } from '../../shared/figure-plots.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { directionalPower } from '../directions/directional-power.ts'
import { familyPower } from '../directions/family-directions.ts'
import type { FamilyPower } from '../directions/family-directions.ts'
import { spectrumBox, volumePower } from '../directions/volume-power.ts'
import type { FigureSource, FigureVolume } from './figure-svg.ts'

/** The power that a spectrum or a curve follows from, perpendicular to an axis, and the voxel size of what it is of. */
export interface SourcePower extends FamilyPower {
  voxelSizeAngstrom: XYZ | null
  members: number | null
}

/** Measures as the window's panes do. @throws WedgeviewError `roi-outside`, and what opening and reading throws */
export async function sourcePower(of: PowerSource, normal: Axis, source: FigureSource): Promise<SourcePower> {
  const { signal } = source
  const names = of.of === 'volume' ? [of.volume] : [of.mean, ...of.members]
  const volumes: FigureVolume[] = []
  for (const name of names) volumes.push(await source.resolve(name))
  const [{ volume }] = volumes
  const measure = async (): Promise<SourcePower> => {
    const { voxelSizeAngstrom, size } = volume.info
    if (of.of === 'deviations') {
      const members = volumes.slice(1).map((member) => member.volume)
      const power = await familyPower({ mean: volume, members, tiles: of.tiles }, normal, signal)
      return { ...power, voxelSizeAngstrom, members: members.length }
    }
    const power = await volumePower(volume, normal, { signal, box: of.box ?? undefined })
    const measured = boxSize(spectrumBox(size, normal, of.box ?? wholeBox(size)))
    return { power, size: measured, taper: 'hann', voxelSizeAngstrom, members: null }
  }
  const states = volumes.map(({ state }) => state)
  if (!source.remember || states.includes(undefined)) return measure()
  return source.remember(JSON.stringify([of, normal, states]), measure)
}

/** Power by direction around the wedge's tilt axis. */
export async function sourceDirections(of: PowerSource, wedge: Wedge, source: FigureSource): Promise<Directions> {
  const { power, size, taper, members } = await sourcePower(of, wedge.tiltAxis, source)
  return { ...directionalPower(power, size, wedge), taper, members }
}
