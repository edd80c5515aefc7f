/**
 * The signed frequency of DFT index `k` on an axis of `n` samples, in cycles per voxel: 0, 1/n, …, then the
 * negative ones. On an even axis index n/2 is the Nyquist frequency: +1/2 and -1/2 share that one bin, and this
 * function returns -1/2 for it. Whoever needs a quantity that differs between the two signs must look at both
 * (see `frequencySigns`).
 */
export function frequency(k: number, n: number): number {
  return (2 * k < n ? k : k - n) / n
}

/** Every frequency that shares the bin: one, or -1/2 and +1/2 on the Nyquist bin of an even axis. */
export function frequencySigns(k: number, n: number): readonly number[] {
  return 2 * k === n ? [-0.5, 0.5] : [frequency(k, n)]
}

/** The index of -k: what a real field's transform is conjugate to. */
export function mirrored(k: number, n: number): number {
  return k === 0 ? 0 : n - k
}
