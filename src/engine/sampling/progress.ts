import type { Progress } from '../../shared/jobs.ts'

type Live = Partial<Pick<Progress, 'potential' | 'misfitPerMeasuredVoxel' | 'acceptance' | 'members'>>

/** Turns steps into Progress messages with the time left, not more often than a person can read. */
export class ProgressMeter {
  readonly #report: (progress: Progress) => void
  #phase = ''
  #steps = 0
  #started = 0
  #first = 0
  #last = -Infinity

  constructor(report: (progress: Progress) => void) {
    this.#report = report
  }

  /** `done` steps were taken before, by a run that was stopped. */
  start(phase: string, steps = 0, done = 0): void {
    this.#phase = phase
    this.#steps = steps
    this.#first = done
    this.#started = performance.now()
    this.#last = -Infinity
    this.step(done)
  }

  step(step: number, live: Live = {}): void {
    const now = performance.now()
    if (now - this.#last < 100 && step < this.#steps) return
    this.#last = now
    const fraction = this.#steps > 0 ? Math.min(1, step / this.#steps) : 0
    const seconds = (now - this.#started) / 1000
    const since = step - this.#first
    this.#report({
      phase: this.#phase,
      fraction,
      step,
      steps: this.#steps,
      secondsLeft: since > 0 && this.#steps > 0 ? (seconds * (this.#steps - step)) / since : null,
      potential: null,
      misfitPerMeasuredVoxel: null,
      acceptance: null,
      members: 0,
      ...live
    })
  }
}

/** Calls `action` at most once in `milliseconds`. */
export function throttled(milliseconds: number, action: () => void): () => void {
  let last = -Infinity
  return () => {
    const now = performance.now()
    if (now - last < milliseconds) return
    last = now
    action()
  }
}
