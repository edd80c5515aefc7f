import type { ZYX } from '../../../shared/axes.ts'
import type { Warning } from '../../../shared/runs.ts'
import type { ChosenSetting, RequestedSettings } from '../../../shared/settings.ts'
import type { Problem } from '../problem.ts'
import { networkSize } from '../box.ts'
import { layTiles } from './geometry.ts'
import type { Block } from './geometry.ts'
import type { TilePlan } from './plan-schema.ts'

/** What a region is cut by. */
export interface PlanRequest extends Pick<
  Problem,
  'bundle' | 'wedge' | 'volume' | 'size' | 'method' | 'device' | 'threads' | 'sampler'
> {
  settings: RequestedSettings
}

export interface PlannedRegion {
  plan: TilePlan
  chosen: ChosenSetting[]
  warnings: Warning[]
}

/** A region that is computed as one box. */
export function oneBox(whole: ZYX): TilePlan {
  return { whole, edge: whole, halo: [0, 0, 0], multiple: [1, 1, 1], predicted: null }
}

export function planRegion({ bundle, size }: PlanRequest): Promise<PlannedRegion> {
  return Promise.resolve({ plan: oneBox(networkSize(bundle, size)), chosen: [], warnings: [] })
}

/** The box of the tile in the middle of a region; null where the region is one box. */
export function centralTile(region: ZYX, { whole, edge, halo, multiple }: TilePlan): Block | null {
  const { tiles } = layTiles(region, whole, edge, halo, multiple)
  if (tiles.length === 1) return null
  const distance = ({ box }: { box: Block }): number =>
    region.reduce((sum, n, axis) => sum + (box.origin[axis] + box.size[axis] / 2 - n / 2) ** 2, 0)
  return tiles.reduce((nearest, tile) => (distance(tile) < distance(nearest) ? tile : nearest)).box
}
