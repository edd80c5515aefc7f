/** Whoever reads in this thread lets others have a turn this often. */
const turnMilliseconds = 4
/**
 * A read from memory takes no longer than this and 0.5 ms for each MiB, unless the processor is taken away meanwhile. Two reads that do, and
 * more time spent on waiting than on reading, mean that a disk is waited for.
 */
const quickMilliseconds = 0.05
const quickBytesPerMillisecond = 2e6

/** Watches reads that block their thread: whether they wait for a disk, and when it is time to let others have a turn. */
export class ReadPace {
  #turnEnds = performance.now() + turnMilliseconds
  #slowReads = 0
  #milliseconds = 0
  #waitedMilliseconds = 0

  /** Counts a read and answers whether to go on at once, after giving way, or (after giving way) through the thread pool. */
  after(bytes: number, milliseconds: number): 'go-on' | 'give-way' | 'waits' {
    const waited = milliseconds - quickMilliseconds - bytes / quickBytesPerMillisecond
    this.#milliseconds += milliseconds
    if (waited > 0) {
      this.#slowReads++
      this.#waitedMilliseconds += waited
    }
    if (this.#slowReads >= 2 && 2 * this.#waitedMilliseconds > this.#milliseconds) return 'waits'
    return performance.now() > this.#turnEnds ? 'give-way' : 'go-on'
  }

  /** Lets the thread do what else it has to. Throws the signal's reason when it is aborted then. */
  async giveWay(signal?: AbortSignal): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    signal?.throwIfAborted()
    this.#turnEnds = performance.now() + turnMilliseconds
  }
}
