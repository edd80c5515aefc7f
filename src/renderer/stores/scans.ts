import { create } from 'zustand'

/** How far the engine's scans of volumes are, 0 to 1, by volume and task: `statistics`, `histogram`, … */
export const useScans = create<{ fractions: Readonly<Record<string, number>> }>()(() => ({ fractions: {} }))

export function putScan(volumeId: string, task: string, fraction: number): void {
  useScans.setState((state) => ({ fractions: { ...state.fractions, [`${volumeId}/${task}`]: fraction } }))
}

/** `, 40 %` while a scan is under way; nothing else. */
export function scanText(fractions: Readonly<Record<string, number>>, volumeId: string, task: string): string {
  const fraction = fractions[`${volumeId}/${task}`]
  return fraction === undefined || fraction >= 1 ? '' : `, ${Math.floor(fraction * 100)} %`
}
