import { z } from 'zod'
import { WedgeviewError } from '../../../shared/errors.ts'
import type { Reconstruction } from '../../sampling/problem.ts'
import { inWords } from '../../posterior/run-folder.ts'
import type { RegionCheckpoint, TileState } from '../../sampling/tiles/region.ts'
import { withoutMaps, type StoredMaps } from '../../sampling/tiles/slabs.ts'
import type { UnfinishedRun } from './unfinished.ts'

/** Of a run's time, at most this share goes into keeping its state; and never more often than every two seconds. */
const shareOfTime = 0.02
const shortestSeconds = 2

export interface CheckpointHooks {
  /** Something was kept: a run that is killed now has not lost everything. */
  onSaved(): void
  onLog(level: 'warning', message: string): void
  /** Seconds that this run has taken, those before it was stopped included. */
  seconds(): number
}

const samplerFile = 'sampler.state'
const tileFile = (index: number): string => `tile-${String(index).padStart(4, '0')}.state`

/** What was kept is only read by the version that wrote it, under a checked name: its inside is the sampler's own business. */
const samplerSchema = z.object({
  seconds: z.number(),
  tile: z.number().int(),
  state: z.looseObject({ method: z.string() })
})
const tileSchema = z.looseObject({ trace: z.looseObject({}), device: z.string(), partial: z.boolean() })

/** Keeps a running region's state in `state/`. A state that can't be written costs the run nothing but the chance to resume there. */
export class FolderCheckpoint implements RegionCheckpoint {
  readonly #run: UnfinishedRun
  readonly #hooks: CheckpointHooks
  #everySeconds: number

  constructor(run: UnfinishedRun, hooks: CheckpointHooks, everySeconds = shortestSeconds) {
    this.#run = run
    this.#hooks = hooks
    this.#everySeconds = everySeconds
  }

  get everySeconds(): number {
    return this.#everySeconds
  }

  /** Seconds that the run had taken when its state was kept last; 0 at its beginning. */
  async secondsBefore(): Promise<number> {
    return (await this.#sampler())?.seconds ?? 0
  }

  async load(): Promise<TileState | null> {
    const kept = await this.#sampler()
    return kept && { tile: kept.tile, state: kept.state as unknown as TileState['state'] }
  }

  async save(state: TileState): Promise<void> {
    const seconds = await this.#keep(samplerFile, { seconds: this.#hooks.seconds(), ...state })
    if (this.#everySeconds > 0) this.#everySeconds = Math.max(this.#everySeconds, seconds / shareOfTime)
  }

  async loadTile(index: number): Promise<Reconstruction | null> {
    const kept = await this.#run.load(tileFile(index))
    return kept === null ? null : (tileSchema.parse(kept) as unknown as Reconstruction)
  }

  async saveTile(index: number, result: Reconstruction): Promise<void> {
    await this.#keep(tileFile(index), result)
  }

  /** @throws {WedgeviewError} job / disk-full; what else writing throws */
  async putTile(index: number, result: Reconstruction): Promise<void> {
    try {
      await this.#run.save(tileFile(index), result)
    } catch (error) {
      throw inWords(error, this.#run.outPath)
    }
    this.#hooks.onSaved()
  }

  async openTile(index: number): Promise<{ facts: Reconstruction; maps: StoredMaps } | null> {
    const kept = await this.#run.openValue(tileFile(index))
    if (kept === null) return null
    const result = tileSchema.parse(kept) as unknown as Reconstruction
    return { facts: withoutMaps(result), maps: result as unknown as StoredMaps }
  }

  async #sampler(): Promise<z.infer<typeof samplerSchema> | null> {
    const kept = await this.#run.load(samplerFile)
    return kept === null ? null : samplerSchema.parse(kept)
  }

  /** Returns how many seconds it took. */
  async #keep(name: string, value: unknown): Promise<number> {
    const startedAt = performance.now()
    try {
      await this.#run.save(name, value)
      this.#hooks.onSaved()
    } catch (error) {
      if (error instanceof WedgeviewError) throw error
      const reason = error instanceof Error ? error.message : String(error)
      this.#hooks.onLog('warning', `The run’s state could not be kept, so --resume would start further back: ${reason}`)
    }
    return (performance.now() - startedAt) / 1000
  }
}
