/** What a bundle may hold, so that a wrong file is refused before it fills memory. */
export const bundleLimits = {
  /** bundle.json. */
  manifestBytes: 1024 * 1024,
  /** One network; the format itself (protobuf) ends at 2 GiB, larger weights go to an external data file. */
  networkBytes: 1024 * 1024 * 1024,
  /** Any other file, external weights above all. */
  fileBytes: 16 * 1024 * 1024 * 1024,
  /** Entries of a zip. */
  zipEntries: 256,
  /** A zip, and what it unpacks to: it is unpacked in memory. */
  zipBytes: 1024 * 1024 * 1024
} as const

export function inMebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(bytes < 10 * 1024 * 1024 ? 1 : 0)} MiB`
}
