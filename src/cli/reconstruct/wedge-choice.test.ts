import { describe, expect, it } from 'vitest'
import { fromRoot } from '../../../project-paths.ts'
import { openVolume } from '../../engine/volume/open-volume.ts'
import { memoryVolume } from '../../engine/volume/memory-volume.ts'
import type { Volume } from '../../engine/volume/volume.ts'
import type { Wedge } from '../../shared/wedge.ts'
import { chooseWedge, type ChosenWedge, type WedgeFlags } from './wedge-choice.ts'

const trained: Wedge = { tiltAxis: 'y', beamAxis: 'z', tiltMin: -50, tiltMax: 40, edgeSoftness: 1, lowPass: 0.4 }

async function choice(
  flags: WedgeFlags,
  bundle: Wedge | null,
  change: (volume: Volume) => Volume
): Promise<ChosenWedge> {
  const volume = await openVolume(fromRoot('./resources/samples/microtubule-13pf.mrc'))
  try {
    return await chooseWedge(flags, change(volume), bundle, new AbortController().signal)
  } finally {
    await volume.close()
  }
}

const besideIt = (volume: Volume): Volume => ({
  ...volume,
  info: { ...volume.info, tilt: { min: -48, max: 47, axis: null, source: 'beside.tlt' } }
})
const alone = (volume: Volume): Volume => ({ ...volume, info: { ...volume.info, tilt: null } })
const withoutAnything = ({ info }: Volume): Volume =>
  memoryVolume(
    new Float32Array(8 * 8 * 4).map((_, i) => (i * 7919) % 13),
    {
      ...info,
      tilt: null,
      size: { x: 8, y: 8, z: 4 }
    }
  )

describe('the assumed wedge', () => {
  it('is the flags’ before any other', async () => {
    const { wedge, source } = await choice({ tiltRange: { tiltMin: -30, tiltMax: 20 } }, trained, besideIt)
    expect(source).toBe('given')
    expect(wedge).toMatchObject({ tiltMin: -30, tiltMax: 20, edgeSoftness: 0, lowPass: null })
  })

  it('is the file’s beside it before the bundle’s, with the axes of flags and bundle', async () => {
    const { wedge, source } = await choice({ tiltAxis: 'x' }, trained, besideIt)
    expect(source).toBe('file')
    expect(wedge).toMatchObject({ tiltMin: -48, tiltMax: 47, tiltAxis: 'x', beamAxis: 'z' })
  })

  it('is the bundle’s before an estimate, edge and low-pass included', async () => {
    expect(await choice({}, trained, alone)).toEqual({ wedge: trained, source: 'bundle' })
  })

  it('is estimated where nothing is known: the microtubule’s is about 60 degrees', async () => {
    const { wedge, source } = await choice({}, null, alone)
    expect(source).toBe('estimated')
    expect(Math.abs(wedge.tiltMin + 60)).toBeLessThan(8)
    expect(Math.abs(wedge.tiltMax - 60)).toBeLessThan(8)
  })

  it('is 60 degrees either way where nothing can be estimated', async () => {
    const { wedge, source } = await choice({}, null, withoutAnything)
    expect(source).toBe('default')
    expect(wedge).toMatchObject({ tiltMin: -60, tiltMax: 60 })
  })

  it('refuses one axis for both', async () => {
    await expect(choice({ tiltAxis: 'z' }, null, alone)).rejects.toMatchObject({ kind: 'usage', code: 'wedge-axes' })
  })
})
