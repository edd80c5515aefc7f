import { create } from 'zustand'
import type { ColourMapName } from '../../shared/figure.ts'
import type { Contrast, OpenVolume } from '../../shared/volumes.ts'
import { isGrey, tomogramOf } from './volumes.ts'

export interface Display extends Contrast {
  gamma: number
  invert: boolean
  colourMap: ColourMapName
  /** Follows the volume's own robust limits until a person sets them. */
  auto: boolean
}

interface ContrastState {
  /** A tomogram and its grey-valued maps share one contrast. */
  linked: boolean
  displays: Readonly<Record<string, Display>>
}

export const useContrast = create<ContrastState>()(() => ({ linked: true, displays: {} }))

/** Whether a volume may be drawn like its tomogram; grey values of another tomogram, resampled, need not be alike. */
function isAlike(volume: OpenVolume): boolean {
  return isGrey(volume) && !(volume.derived?.kind === 'resampled' && volume.derived.foreign)
}

/** `scope`: of panes that are drawn apart from others, see links.ts. */
export function contrastKey(volume: OpenVolume, linked: boolean, scope = ''): string {
  return `${linked && isAlike(volume) ? `grey:${tomogramOf(volume)}` : volume.id}${scope}`
}

/**
 * By how much a volume's level lies below that of the volumes it shares its contrast with. The mean grey value is measured (k = 0), so the
 * filled-in part lies around zero: in the same window with its level lowered by that mean it is as bright as it is in the whole.
 */
function loweredLevel({ linked }: ContrastState, { derived }: OpenVolume): number {
  return linked && derived?.kind === 'part' && derived.part === 'filled-in' ? derived.meanGrey : 0
}

/**
 * How a volume is drawn: what was set, else its own robust limits (linked grey maps: their tomogram's). Panes apart begin with what
 * the others have.
 */
export function displayOf(state: ContrastState, volume: OpenVolume, tomogram: OpenVolume | null, scope = ''): Display {
  const { displays, linked } = state
  const set = displays[contrastKey(volume, linked, scope)] ?? displays[contrastKey(volume, linked)]
  const lowered = loweredLevel(state, volume)
  if (set && !set.auto) return { ...set, low: set.low - lowered, high: set.high - lowered }
  const source = state.linked && isAlike(volume) && tomogram ? tomogram : volume
  return {
    low: source.contrast.low - lowered,
    high: source.contrast.high - lowered,
    gamma: set?.gamma ?? 1,
    invert: set?.invert ?? false,
    colourMap: set?.colourMap ?? (isGrey(volume) ? 'grey' : 'magma'),
    auto: true
  }
}

export function editDisplay(volume: OpenVolume, tomogram: OpenVolume | null, edit: Partial<Display>, scope = ''): void {
  useContrast.setState((state) => {
    const before = displayOf(state, volume, tomogram, scope)
    const limits = edit.low !== undefined || edit.high !== undefined
    const own = { ...before, ...edit, auto: edit.auto ?? (limits ? false : before.auto) }
    const lowered = loweredLevel(state, volume)
    const display = { ...own, low: own.low + lowered, high: own.high + lowered }
    return { displays: { ...state.displays, [contrastKey(volume, state.linked, scope)]: display } }
  })
}

/** Sets what is drawn under a key; see `contrastKey`. */
export function putDisplay(key: string, display: Display): void {
  useContrast.setState(({ displays }) => ({ displays: { ...displays, [key]: display } }))
}

/** The range as it is drawn: inverted, the high end comes first. */
export function drawnRange({ low, high, invert }: Display): Contrast {
  return invert ? { low: high, high: low } : { low, high }
}

/** Window (high - low) times `widen`, level (their middle) shifted by `shift` windows. */
export function shiftedWindow(contrast: Contrast, widen: number, shift: number): Contrast {
  const window = contrast.high - contrast.low
  const level = (contrast.low + contrast.high) / 2 + shift * window
  const half = (window * widen) / 2
  return { low: level - half, high: level + half }
}
