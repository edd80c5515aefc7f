import type { PyramidCacheOptions } from '../volume/pyramid/cache.ts'
import type { SpawnRunner } from '../runner/port.ts'

/** Which files the caller of the API may name. Each mount brings its own: grants on the desktop, --root in a browser. */
export interface PathPolicy {
  /** True where this absolute, resolved path may be opened. */
  mayRead(path: string): boolean
  /** Called with a folder the program itself made (a run), which may be read from then on. */
  grant(path: string): void
}

export interface ApiOptions {
  mount: 'desktop' | 'browser'
  version: string
  paths: PathPolicy
  spawnRunner: SpawnRunner
  /** The built worker thread that scans volumes (out/main/volume-worker.js); without it scans run in this thread, in small turns. */
  volumeWorker?: string
  /** Where coarse copies of large volumes are kept, and how many bytes of them; without it none are made. */
  pyramidCache?: PyramidCacheOptions
  /** Bytes of voxels from which on a volume gets a pyramid. */
  pyramidThresholdBytes?: number
  /** Folder that holds samples/, bundles/ and fonts/. */
  resources: string
  /** Where run folders go when the tomogram's own folder can't be written. */
  runsFallback: string
  /** Told what jobs say beside their progress, for a log on standard error. */
  onLog?(level: 'info' | 'warning' | 'error', message: string): void
  /** Where what is open is kept in case of a crash, and which files were opened last; without it neither is. */
  stateFolder?: string
  /** Told that the recent files were cleared, for the system's own list of them. */
  onRecentCleared?(): void
  /** Absolute paths to open at start. */
  initialFiles: string[]
  /** The browser mount's --root; null on the desktop. */
  root: string | null
}

/** The one interface to the engine: a fetch-style handler that any mount can carry. */
export interface Api {
  fetch(request: Request): Promise<Response>
  /** Cancels jobs, ends the runner process and closes files. */
  close(): Promise<void>
}
