import { create } from 'zustand'
import type { VolumePart } from '../../shared/derived.ts'
import type { OpenVolume } from '../../shared/volumes.ts'
import { tomogramOf, useVolumes } from '../stores/volumes.ts'

/** What is drawn of reconstructions: all of them, what the data measured, or what the prior filled in. */
export type ShownPart = 'all' | VolumePart

export const partNames: Readonly<Record<ShownPart, string>> = {
  all: 'all',
  measured: 'measured',
  'filled-in': 'filled in'
}

/** By tomogram; absent: all. */
export const useParts = create<{ parts: Readonly<Record<string, ShownPart>> }>()(() => ({ parts: {} }))

export function shownPartOf(tomogram: string): ShownPart {
  return useParts.getState().parts[tomogram] ?? 'all'
}

export function showPart(tomogram: string, part: ShownPart): void {
  useParts.setState((state) => ({ parts: { ...state.parts, [tomogram]: part } }))
}

const order: readonly ShownPart[] = ['all', 'measured', 'filled-in']

export function nextPart(tomogram: string): void {
  showPart(tomogram, order[(order.indexOf(shownPartOf(tomogram)) + 1) % order.length])
}

/** Reconstructions can be taken apart; tomograms, spreads and parts themselves can't. */
export function hasParts(volume: OpenVolume): boolean {
  const { role, runId, derived } = volume
  return runId !== null && !derived && (role === 'map' || role === 'mean' || role === 'barycentre' || role === 'member')
}

/** The part of `volume` that is wanted, once the engine has made it; until then, and where there are no parts, the volume itself. */
export function withPart(volume: OpenVolume): OpenVolume {
  const part = shownPartOf(tomogramOf(volume))
  if (part === 'all' || !hasParts(volume)) return volume
  return madePart(volume, part) ?? volume
}

export function madePart(volume: OpenVolume, part: VolumePart): OpenVolume | null {
  const { volumes, order: ids } = useVolumes.getState()
  const found = ids.find((id) => {
    const { derived } = volumes[id]
    return derived?.kind === 'part' && derived.from === volume.id && derived.part === part
  })
  return found === undefined ? null : volumes[found]
}
