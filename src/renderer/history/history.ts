import { absent, partsOf, type Leaves, type Sides } from './leaves.ts'

/** A store as the history sees it. */
export interface Source {
  name: string
  read(): Leaves
  /** Puts leaves back; what belongs to data that is gone is left out. */
  write(leaves: ReadonlyMap<string, Sides>): void
  subscribe(listener: () => void): () => void
  /** What a change of this leaf is called: "contrast". */
  topic(path: string): string
}

/** Whether a change is a person's, and which drag it is a part of (0: none). */
export interface Acting {
  person(): boolean
  gesture(): number
  now(): number
}

/** One thing done, as it is taken back: by source and leaf what was and what is. */
interface Step {
  changes: Map<Source, Map<string, Sides>>
  topic: string
  gesture: number
  at: number
}

/** Wheel turns and key presses that follow each other this closely are one step. */
export const pauseMs = 800
const limit = 300

/**
 * One history of what a person changed in the window, over several stores. A drag is one step, so is a run of the wheel; what the
 * program changes by itself is no step of its own, and stays when a person's steps are taken back.
 */
export class History {
  readonly #sources: readonly Source[]
  readonly #acting: Acting
  readonly #known = new Map<Source, Leaves>()
  readonly #done: Step[] = []
  readonly #undone: Step[] = []
  #open: Step | null = null
  #restoring = false
  #onChange: () => void = () => undefined

  constructor(sources: readonly Source[], acting: Acting) {
    this.#sources = sources
    this.#acting = acting
  }

  /** Listens from now on; `onChange` is called when what can be undone or done again changes. Returns a function that stops. */
  start(onChange: () => void = () => undefined): () => void {
    this.#onChange = onChange
    const stops = this.#sources.map((source) => {
      this.#known.set(source, source.read())
      return source.subscribe(() => this.#notice(source))
    })
    return () => stops.forEach((stop) => stop())
  }

  /** What would be undone and done again, in words; null where there is nothing. */
  get next(): { undo: string | null; redo: string | null } {
    return { undo: this.#done.at(-1)?.topic ?? null, redo: this.#undone.at(-1)?.topic ?? null }
  }

  /** Takes the last step back. Returns its topic; null where there is none. */
  undo(): string | null {
    return this.#move(this.#done, this.#undone, (sides) => ({ to: sides.from, from: sides.to }))
  }

  redo(): string | null {
    return this.#move(this.#undone, this.#done, (sides) => sides)
  }

  /** Forgets every step; the present state is what later ones start from. */
  clear(): void {
    this.#done.length = 0
    this.#undone.length = 0
    this.#open = null
    for (const source of this.#sources) this.#known.set(source, source.read())
    this.#onChange()
  }

  #move(from: Step[], onto: Step[], turn: (sides: Sides) => Sides): string | null {
    this.#open = null
    // Steps about data that was closed since change nothing any more, and are passed over.
    for (let step = from.pop(); step; step = from.pop()) {
      let moved = false
      this.#restoring = true
      for (const [source, leaves] of step.changes) {
        const before = this.#known.get(source)
        source.write(new Map([...leaves].map(([path, sides]) => [path, turn(sides)])))
        const after = source.read()
        this.#known.set(source, after)
        if ([...leaves.keys()].some((path) => !same(valueAt(before, path), valueAt(after, path)))) moved = true
      }
      this.#restoring = false
      if (!moved) continue
      onto.push(step)
      this.#onChange()
      return step.topic
    }
    this.#onChange()
    return null
  }

  #notice(source: Source): void {
    if (this.#restoring) return
    const before = this.#known.get(source) ?? new Map<string, unknown>()
    const after = source.read()
    this.#known.set(source, after)
    const changes = changesBetween(before, after)
    if (changes.size === 0) return
    if (this.#acting.person()) this.#record(source, changes)
    else this.#follow(source, changes)
  }

  #record(source: Source, changes: Map<string, Sides>): void {
    const [gesture, at] = [this.#acting.gesture(), this.#acting.now()]
    let step = this.#open
    if (!step || !this.#goesOn(step, source, changes, gesture, at)) {
      step = { changes: new Map(), topic: source.topic([...changes.keys()][0]), gesture, at }
      this.#done.push(step)
      if (this.#done.length > limit) this.#done.shift()
      this.#open = step
    }
    step.at = at
    this.#undone.length = 0
    add(step, source, changes)
    if (isEmpty(step)) {
      this.#done.splice(this.#done.indexOf(step), 1)
      this.#open = null
    }
    this.#onChange()
  }

  /** What the program does because of the step just made (a fit sets the zoom) is a part of it. */
  #follow(source: Source, changes: Map<string, Sides>): void {
    const step = this.#open
    const touched = step?.changes.get(source)
    if (!step || !touched || this.#acting.now() - step.at > pauseMs) return
    const entries = new Set([...touched.keys()].map(entryOf))
    const following = [...changes].filter(([path]) => entries.has(entryOf(path)))
    add(step, source, new Map(following))
  }

  #goesOn(step: Step, source: Source, changes: Map<string, Sides>, gesture: number, at: number): boolean {
    if (gesture !== step.gesture) return false
    if (gesture !== 0) return true
    // One key press may change several stores.
    if (at === step.at) return true
    if (at - step.at > pauseMs || [...changes.values()].some(isChoice)) return false
    const touched = step.changes.get(source)
    if (!touched) return false
    const fresh = [...changes.keys()].filter((path) => !touched.has(path))
    return fresh.length === 0 || [...touched.keys()].every((path) => changes.has(path))
  }
}

const same = (a: unknown, b: unknown): boolean =>
  Object.is(a, b) || (isPlain(a) && JSON.stringify(a) === JSON.stringify(b))
const isPlain = (value: unknown): boolean => typeof value === 'object' && value !== null
const valueAt = (leaves: Leaves | undefined, path: string): unknown => (leaves?.has(path) ? leaves.get(path) : absent)
const entryOf = (path: string): string => partsOf(path).slice(0, 2).join(' ')

function changesBetween(before: Leaves, after: Leaves): Map<string, Sides> {
  const changes = new Map<string, Sides>()
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [from, to] = [valueAt(before, path), valueAt(after, path)]
    if (!same(from, to)) changes.set(path, { from, to })
  }
  return changes
}

function add(step: Step, source: Source, changes: ReadonlyMap<string, Sides>): void {
  const touched = step.changes.get(source) ?? new Map<string, Sides>()
  for (const [path, { from, to }] of changes) {
    const sides = { from: touched.has(path) ? touched.get(path)?.from : from, to }
    if (same(sides.from, sides.to)) touched.delete(path)
    else touched.set(path, sides)
  }
  step.changes.set(source, touched)
}

function isEmpty(step: Step): boolean {
  return [...step.changes.values()].every((leaves) => leaves.size === 0)
}

/** A switch or a choice: never one step with the one before it, as numbers on the move are. */
function isChoice({ from, to }: Sides): boolean {
  const kinds = [typeof from, typeof to]
  return kinds.includes('boolean') || kinds.includes('string') || kinds.includes('symbol')
}
