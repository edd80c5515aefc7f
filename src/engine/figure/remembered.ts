const kept = 24

/** What was computed lately for figures, by what it follows from. Nothing of a computation that failed or was given up is kept. */
export class Remembered {
  readonly #values = new Map<string, unknown>()

  readonly remember = async <Value>(key: string, compute: () => Promise<Value>): Promise<Value> => {
    if (this.#values.has(key)) return this.#values.get(key) as Value
    const value = await compute()
    this.#values.set(key, value)
    for (const oldest of this.#values.keys()) {
      if (this.#values.size <= kept) break
      this.#values.delete(oldest)
    }
    return value
  }
}
