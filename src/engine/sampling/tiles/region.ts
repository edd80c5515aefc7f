import { WedgeviewError } from '../../../shared/errors.ts'
import type { Progress } from '../../../shared/jobs.ts'
import type { DeviceChoice } from '../../graph/device.ts'
import type { FamilyMaps } from '../../posterior/family.ts'
import { throwIfCancelled } from '../problem.ts'
import type { Hooks, Problem, Reconstruction, RunState } from '../problem.ts'
import { reconstruct } from '../reconstruct.ts'
import { cutBox } from './blend.ts'
import { layTiles } from './geometry.ts'
import type { Tile, TileLayout } from './geometry.ts'
import type { TilePlan } from './plan-schema.ts'
import { cropToSupport, partialFamily, stitch } from './stitch.ts'

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
}

/**
 * A region by one of the four methods, in tiles where the plan says so (method.md section 6). Tiles are computed one after the other in
 * `order` (canonical indices) and put together in the canonical order, so that the result does not depend on it.
 *
 * @throws {WedgeviewError} as `reconstruct`
 */
export async function reconstructRegion(
  problem: Problem,
  plan: TilePlan,
  hooks: RegionHooks,
  order?: readonly number[]
): Promise<RegionReconstruction> {
  const layout = layTiles(problem.size, plan.whole, plan.edge, plan.halo, plan.multiple)
  if (layout.tiles.length === 1) return { ...(await wholeBox(problem, hooks)), tiles: 1 }
  return new TiledRun(problem, layout, hooks).perform(order ?? layout.tiles.map(({ index }) => index))
}

async function wholeBox(problem: Problem, { checkpoint, ...hooks }: RegionHooks): Promise<Reconstruction> {
  const before = (await checkpoint?.load()) ?? null
  return reconstruct(
    { ...problem, ...(before && { resumeFrom: before.state }) },
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
  readonly #problem: Problem
  readonly #layout: TileLayout
  readonly #hooks: RegionHooks
  readonly #results: (Reconstruction | null)[]
  #done = 0
  #seconds = 0
  #nextPartial = 0
  #device: DeviceChoice | null

  constructor(problem: Problem, layout: TileLayout, hooks: RegionHooks) {
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
      this.#results[index] = (await checkpoint?.loadTile(index)) ?? null
      if (!this.#results[index]) {
        const startedAt = performance.now()
        const result = await this.#compute(tile, stopped?.tile === index ? stopped.state : undefined)
        if (!result) break
        this.#results[index] = result
        this.#seconds += (performance.now() - startedAt) / 1000
        if (result.partial) break
        await checkpoint?.saveTile(index, result)
      }
      this.#done++
      if (signal.aborted) break
    }
    if (this.#results.every((result) => result === null)) throwIfCancelled(signal)
    const stitched = stitch(this.#problem, this.#layout, this.#results)
    return { ...stitched, tiles: this.#layout.tiles.length }
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
          volume: cutBox(volume, size, tile.box),
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
    if (!onPartial || now < this.#nextPartial) return
    onPartial(partialFamily(this.#layout, this.#results, tile, maps))
    const end = performance.now()
    this.#nextPartial = end + 20 * (end - now)
  }
}
