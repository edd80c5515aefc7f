import type { Failure } from '../../../shared/errors.ts'
import type { ScanTaskName, ScanTasks } from './tasks.ts'

/** A file, and whether the part that is there of one that ends too early is scanned, as it was when it was opened. */
export interface ScannedFile {
  path: string
  truncated: 'refuse' | 'read'
}

/** What the program tells the thread that scans volumes. `id` names a task under way. */
export type ScanRequest =
  | { type: 'run'; id: number; file: ScannedFile; call: ScanCall }
  | { type: 'cancel'; id: number }
  /** The file is not looked at any more. */
  | { type: 'release'; path: string }
  /** Others need the disk at once: tasks that can wait do so until it is told otherwise. */
  | { type: 'hold'; held: boolean }
  /** Tasks are cancelled, what they left half-made is removed, and the thread ends. */
  | { type: 'end' }

/** A task with the input that belongs to it. */
export type ScanCall = { [Name in ScanTaskName]: { task: Name; input: ScanTasks[Name]['input'] } }[ScanTaskName]

/** What the thread answers. */
export type ScanReply =
  | { type: 'progress'; id: number; fraction: number }
  | { type: 'done'; id: number; result: unknown }
  | { type: 'failed'; id: number; failure: Failure }
