import { useEffect, useState } from 'react'
import type { Failure } from '../../shared/errors.ts'
import { failureOf } from './failures.ts'
import { LatestRequest } from './latest.ts'

export interface Fetched<Value> {
  /** What came last; it stays while something newer is on its way. */
  value: Value | null
  /** The question that `value` or `failure` answers; empty before the first answer. */
  key: string
  failure: Failure | null
}

type Load<Value> = (signal: AbortSignal) => Promise<Value>

/** Asks a question whenever its key changes; the newest only, while one is under way. */
class Question<Value> {
  readonly #latest: LatestRequest<{ key: string; load: Load<Value> }, Value>
  #asked: string | null = null

  constructor(answer: (fetched: Fetched<Value>) => void) {
    this.#latest = new LatestRequest(
      ({ load }, signal) => load(signal),
      (value, { key }) => answer({ value, key, failure: null }),
      (error, { key }) => answer({ value: null, key, failure: failureOf(error) })
    )
  }

  ask(key: string | null, load: Load<Value>): void {
    if (key === this.#asked) return
    this.#asked = key
    if (key !== null) this.#latest.request({ key, load })
  }

  abort(): void {
    this.#asked = null
    this.#latest.abort()
  }
}

/** Keeps up with a question that changes; `key` tells questions apart, null asks nothing. `load` must follow from the key. */
export function useFetched<Value>(key: string | null, load: Load<Value>): Fetched<Value> {
  const [fetched, setFetched] = useState<Fetched<Value>>({ value: null, key: '', failure: null })
  const [question] = useState(() => new Question<Value>(setFetched))
  useEffect(() => () => question.abort(), [question])
  useEffect(() => question.ask(key, load), [question, key, load])
  return fetched
}
