import { WedgeviewError } from '../../../shared/errors.ts'
import type { Progress } from '../../../shared/jobs.ts'
import type { DeviceChoice } from '../../graph/device.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import { cancelledError, throwIfCancelled } from '../problem.ts'
import type { Hooks, Problem, Reconstruction, RunState } from '../problem.ts'
import { reconstruct } from '../reconstruct.ts'
import { cutBox } from './blend.ts'
import { layTiles } from './geometry.ts'
import type { Tile, TileLayout } from './geometry.ts'
import type { TilePlan } from './plan-schema.ts'
import { boxOf } from './region-voxels.ts'
import type { RegionVoxels } from './region-voxels.ts'
import { inMemory, regionSlabs, withoutMaps } from './slabs.ts'
import type { RegionSlabs, StoredMaps } from './slabs.ts'
import { cropToSupport, partialFamily, stitch, stitchFacts, stitchingOf } from './stitch.ts'

/** Where a region's run is kept while it is computed, and what it left when it was stopped. */
export interface RegionCheckpoint {
  /** Read before each step: may change. */
  readonly everySeconds: number
  /** Keeps the state of the tile that is being sampled, in place of the one before. */
  save(state: TileState): Promise<void>
  load(): Promise<TileState | null>
  /** Keeps a finished tile. */
  saveTile(index: number, result: Reconstruction): Promise<void>
  loadTile(index: number): Promise<Reconstruction | null>
  /** As saveTile, for a tile whose maps are held nowhere else: what can't be kept ends the run. */
  putTile?(index: number, result: Reconstruction): Promise<void>
  /** A finished tile with its maps left where they lie; null where there is none. */
  openTile?(index: number): Promise<{ facts: Reconstruction; maps: StoredMaps } | null>
}

/** A region's problem; its voxels may lie on the disk. */
export interface RegionProblem extends Omit<Problem, 'volume'> {
  volume: RegionVoxels
}

export interface TileState {
  tile: number
  state: RunState
}

export interface RegionHooks extends Omit<Hooks, 'checkpoint'> {
  checkpoint?: RegionCheckpoint
}

export interface RegionReconstruction extends Reconstruction {
  tiles: number
  /** The maps where they are too large to be held: then those of the result are empty. */
  slabs?: RegionSlabs
}

/**
 * A region by one of the four methods, in tiles where the plan says so (method.md section 6). Tiles are computed one after the other in
 * `order` (canonical indices) and put together in the canonical order, so that the result does not depend on it. Where the voxels are
 * read from a file, tiles' maps stay on the disk and are put together a few sections at a time: then memory is a tile's, whatever the region's size.
 *
 * @throws {WedgeviewError} as `reconstruct`
 */
export async function reconstructRegion(
  problem: RegionProblem,
  plan: TilePlan,
  hooks: RegionHooks,
  order?: readonly number[]
): Promise<RegionReconstruction> {
  const layout = layTiles(problem.size, plan.whole, plan.edge, plan.halo, plan.multiple)
  if (layout.tiles.length === 1) return { ...(await wholeBox(problem, hooks)), tiles: 1 }
  return new TiledRun(problem, layout, hooks).perform(order ?? layout.tiles.map(({ index }) => index))
}

async function wholeBox(problem: RegionProblem, { checkpoint, ...hooks }: RegionHooks): Promise<Reconstruction> {
  const before = (await checkpoint?.load()) ?? null
  const volume = await boxOf(problem.volume, problem.size, { origin: [0, 0, 0], size: problem.size })
  return reconstruct(
    { ...problem, volume, ...(before && { resumeFrom: before.state }) },
    { ...hooks, ...(checkpoint && { checkpoint: tileCheckpoint(checkpoint, 0) }) }
  )
}

function tileCheckpoint(checkpoint: RegionCheckpoint, tile: number): Required<Hooks>['checkpoint'] {
  return {
    get everySeconds() {
      return checkpoint.everySeconds
    },
    save: (state) => checkpoint.save({ tile, state })
  }
}

class TiledRun {
  readonly #problem: RegionProblem
  readonly #layout: TileLayout
  readonly #hooks: RegionHooks
  readonly #results: (Reconstruction | null)[]
  #done = 0
  #seconds = 0
  #nextPartial = 0
  #device: DeviceChoice | null
  /** Where the maps of tiles are that are not held. */
  readonly #stored = new Map<number, StoredMaps>()

  constructor(problem: RegionProblem, layout: TileLayout, hooks: RegionHooks) {
    this.#problem = problem
    this.#layout = layout
    this.#hooks = hooks
    this.#results = layout.tiles.map(() => null)
    this.#device = problem.deviceChoice ?? null
  }

  async perform(order: readonly number[]): Promise<RegionReconstruction> {
    const { checkpoint, signal } = this.#hooks
    const stopped = (await checkpoint?.load()) ?? null
    for (const index of order) {
      const tile = this.#layout.tiles[index]
      this.#results[index] = await this.#before(index)
      if (!this.#results[index]) {
        const startedAt = performance.now()
        const result = await this.#compute(tile, stopped?.tile === index ? stopped.state : undefined)
        if (!result) break
        this.#results[index] = result
        this.#seconds += (performance.now() - startedAt) / 1000
        if (result.partial) break
        await this.#keep(index, result)
      }
      this.#done++
      if (signal.aborted) break
    }
    if (this.#results.every((result) => result === null)) throwIfCancelled(signal)
    const tiles = this.#layout.tiles.length
    if (!this.#streams) return { ...stitch(this.#problem, this.#layout, this.#results), tiles }
    const stitching = stitchingOf(this.#problem, this.#layout, this.#results)
    const stored = (index: number): StoredMaps | null => {
      const held = this.#results[index]
      return this.#stored.get(index) ?? (held && inMemory(held))
    }
    const { map, family, barycentre } = stitching.like
    const facts = stitchFacts(this.#problem, this.#layout, this.#results)
    return {
      ...withoutMaps({ ...facts, map, family, barycentre }),
      tiles,
      slabs: regionSlabs(this.#layout, stored, stitching)
    }
  }

  /** Whether the region's maps are never in memory as a whole. */
  get #streams(): boolean {
    return !(this.#problem.volume instanceof Float32Array)
  }

  /** A tile that was finished by a run that was stopped. */
  async #before(index: number): Promise<Reconstruction | null> {
    const { checkpoint } = this.#hooks
    if (!this.#streams) return (await checkpoint?.loadTile(index)) ?? null
    const tile = (await checkpoint?.openTile?.(index)) ?? null
    if (!tile) return null
    this.#stored.set(index, tile.maps)
    return tile.facts
  }

  async #keep(index: number, result: Reconstruction): Promise<void> {
    const { checkpoint } = this.#hooks
    if (!this.#streams) return checkpoint?.saveTile(index, result)
    // Without a place for them (an estimate) there is nothing to be put together in the end.
    if (!checkpoint?.putTile) throw cancelledError()
    await checkpoint.putTile(index, result)
    this.#results[index] = await this.#before(index)
  }

  /** A tile, cropped to where it counts; null where it was cancelled and others are there to be kept. */
  async #compute(tile: Tile, resumeFrom: RunState | undefined): Promise<Reconstruction | null> {
    const { signal, checkpoint } = this.#hooks
    const { volume, size } = this.#problem
    const { whole } = this.#layout
    const startedAt = performance.now()
    try {
      const result = await reconstruct(
        {
          ...this.#problem,
          volume: await boxOf(volume, size, tile.box),
          size: tile.box.size,
          place: { origin: tile.box.origin, whole },
          deviceChoice: this.#device,
          starts: this.#problem.starts?.map((start) => cutBox(start, size, tile.box)),
          resumeFrom
        },
        {
          signal,
          onProgress: (progress) => this.#report(progress, (performance.now() - startedAt) / 1000),
          onPartial: (maps) => this.#sendPartial(tile, maps),
          // Decided in the first tile, it holds for all of them.
          onDevice: (choice) => {
            this.#device = choice
            return this.#hooks.onDevice?.(choice)
          },
          ...(checkpoint && { checkpoint: tileCheckpoint(checkpoint, tile.index) })
        }
      )
      return cropToSupport(result, tile)
    } catch (error) {
      const isCancelled = error instanceof WedgeviewError && error.kind === 'cancelled'
      if (isCancelled && this.#done > 0) return null
      throw error
    }
  }

  #report(progress: Progress, secondsOnTile: number): void {
    const { length } = this.#layout.tiles
    const perTile =
      this.#seconds > 0 ? this.#seconds / Math.max(1, this.#done) : secondsOnTile + (progress.secondsLeft ?? 0)
    this.#hooks.onProgress({
      ...progress,
      phase: `Tile ${this.#done + 1} of ${length}: ${progress.phase}`,
      fraction: (this.#done + progress.fraction) / length,
      step: this.#done * progress.steps + progress.step,
      steps: length * progress.steps,
      secondsLeft: progress.secondsLeft === null ? null : progress.secondsLeft + (length - this.#done - 1) * perTile
    })
  }

  /** The region as far as it is known, not more often than it is cheap. */
  #sendPartial(tile: Tile, maps: FamilyMaps): void {
    const { onPartial } = this.#hooks
    const now = performance.now()
    // A region that is not held in memory can't be shown as it grows.
    if (!onPartial || this.#streams || now < this.#nextPartial) return
    onPartial(partialFamily(this.#layout, this.#results, tile, maps))
    const end = performance.now()
    this.#nextPartial = end + 20 * (end - now)
  }
}
