import { sliceName, type SliceKey } from '../api/sliceCache.ts'

/** A layer that steps through slices: where it is, and which way it goes. */
export interface Travel {
  key: SliceKey
  /** 1 or -1. */
  direction: number
  /** Slices along the normal. */
  depth: number
  /** Of one slice. */
  bytes: number
  /** How many slices around it are worth having. */
  reach: number
}

export interface ReadAheadLimits {
  /** Of all slices around all layers together, those that are there already included. */
  bytes: number
  /** Requests on their way at once. */
  requests: number
}

/** Of the indices around `index` the likeliest to be wanted first: three in the direction of travel for each that goes back. */
export function neighbours({ key, direction, depth, reach }: Travel): number[] {
  const found: number[] = []
  let [ahead, behind] = [key.index, key.index]
  for (let turn = 1; found.length < reach && turn <= 2 * depth; turn++) {
    const at = turn % 4 === 0 ? (behind -= direction) : (ahead += direction)
    if (at >= 0 && at < depth) found.push(at)
  }
  return found
}

/**
 * Reads slices before they are wanted, while nobody waits for others: of all layers in turns, nearest first, as many as memory allows.
 * A step makes a new plan; what the old one asked for comes in, what it had not asked for yet it gives up.
 */
export class ReadAhead {
  readonly #has: (key: SliceKey) => boolean
  readonly #load: (key: SliceKey) => Promise<unknown>
  readonly #limits: ReadAheadLimits
  /** By layer, the one that moved last at the end. */
  readonly #travels = new Map<string, Travel>()
  #queue: SliceKey[] = []
  readonly #running = new Set<string>()

  constructor(has: (key: SliceKey) => boolean, load: (key: SliceKey) => Promise<unknown>, limits: ReadAheadLimits) {
    this.#has = has
    this.#load = load
    this.#limits = limits
  }

  /** A layer shows an exact slice, and is likely to go on from there. */
  travel(layer: string, travel: Travel): void {
    this.#travels.delete(layer)
    this.#travels.set(layer, travel)
    this.#plan()
  }

  /** Nothing is read ahead for a layer any more: it waits for a slice itself, or is gone. */
  rest(layer: string): void {
    if (this.#travels.delete(layer)) this.#plan()
  }

  #plan(): void {
    const travels = [...this.#travels.values()].reverse()
    const around = travels.map(neighbours)
    const queue: SliceKey[] = []
    let bytes = 0
    const longest = Math.max(0, ...around.map(({ length }) => length))
    for (let turn = 0; turn < longest; turn++) {
      travels.forEach((travel, i) => {
        if (turn >= around[i].length) return
        bytes += travel.bytes
        const key = { ...travel.key, index: around[i][turn] }
        if (bytes <= this.#limits.bytes && !this.#has(key) && !this.#running.has(sliceName(key))) queue.push(key)
      })
    }
    this.#queue = queue
    this.#fill()
  }

  #fill(): void {
    while (this.#running.size < this.#limits.requests) {
      const key = this.#queue.shift()
      if (!key) return
      const name = sliceName(key)
      this.#running.add(name)
      const done = (): void => {
        this.#running.delete(name)
        this.#fill()
      }
      // Nobody waits for it: when it is wanted and fails again, that is told.
      this.#load(key).then(done, done)
    }
  }
}
