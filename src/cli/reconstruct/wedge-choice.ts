import type { ReadOptions, Volume } from '../../engine/volume/volume.ts'
import { estimateTiltRange, type TiltEstimate } from '../../engine/wedge/estimate.ts'
import { boxSize, toZYX, type Axis, type Box, type XYZ } from '../../shared/axes.ts'
import { WedgeviewError } from '../../shared/errors.ts'
import { defaultWedge, wedgeSchema, type TiltSource, type Wedge } from '../../shared/wedge.ts'

export interface WedgeFlags {
  tiltRange?: { tiltMin: number; tiltMax: number }
  tiltAxis?: Axis
  beamAxis?: Axis
}

export interface ChosenWedge {
  wedge: Wedge
  /** Where the tilt range came from. */
  source: TiltSource
}

/**
 * The wedge to assume; `trained` is the bundle's. Its tilt range: the flag's, else that of a file beside the tomogram, else the bundle's,
 * else estimated from the tomogram's power spectrum, else +-60 degrees. Each axis: the flag's, else the bundle's, else
 * tilt axis y and beam z.
 *
 * @throws {WedgeviewError} usage / wedge-axes
 */
export async function chooseWedge(
  flags: WedgeFlags,
  volume: Volume,
  trained: Wedge | null,
  signal: AbortSignal
): Promise<ChosenWedge> {
  const base = trained ?? defaultWedge
  const axes = { tiltAxis: flags.tiltAxis ?? base.tiltAxis, beamAxis: flags.beamAxis ?? base.beamAxis }
  if (axes.tiltAxis === axes.beamAxis)
    throw new WedgeviewError(
      'usage',
      'wedge-axes',
      `The tilt axis and the beam axis can't both be ${axes.tiltAxis}.`,
      'Give both --tilt-axis and --beam-axis.'
    )
  const { tilt } = volume.info
  if (flags.tiltRange) return { wedge: wedgeSchema.parse({ ...flags.tiltRange, ...axes }), source: 'given' }
  if (tilt) return { wedge: wedgeSchema.parse({ tiltMin: tilt.min, tiltMax: tilt.max, ...axes }), source: 'file' }
  if (trained) return { wedge: { ...trained, ...axes }, source: 'bundle' }
  const estimate = await estimated(volume, axes, { signal })
  if (!estimate) return { wedge: { ...defaultWedge, ...axes }, source: 'default' }
  const { tiltMin, tiltMax } = estimate
  return { wedge: wedgeSchema.parse({ tiltMin, tiltMax, ...axes }), source: 'estimated' }
}

/** Voxels a side of the box that the power spectrum is taken of. */
const estimateSide = 256

async function estimated(
  volume: Volume,
  axes: Pick<Wedge, 'tiltAxis' | 'beamAxis'>,
  options: ReadOptions
): Promise<TiltEstimate | null> {
  const box = centralBox(volume.info.size)
  return estimateTiltRange(await volume.readBox(box, options), toZYX(boxSize(box)), axes)
}

function centralBox(size: XYZ): Box {
  const range = (count: number): [number, number] => {
    const side = Math.min(count, estimateSide)
    const from = Math.floor((count - side) / 2)
    return [from, from + side]
  }
  return { x: range(size.x), y: range(size.y), z: range(size.z) }
}
