import type { VoxelLocation } from 'mrc-js'
import type { Plane } from '../../../shared/axes.ts'
import type { Failure } from '../../../shared/errors.ts'
import type { LevelLocation } from '../pyramid/read-level.ts'

/** A slice of a file that the program holds open, or of a level of a pyramid. */
export type ReadCall =
  | { kind: 'voxels'; location: VoxelLocation; plane: Plane; index: number }
  | { kind: 'level'; location: LevelLocation; plane: Plane; index: number }

/** What the program tells the thread that reads slices. `id` names a read under way. */
export type ReadRequest = { type: 'read'; id: number; call: ReadCall } | { type: 'cancel'; id: number }

/** What the thread answers to every read, also to one that was cancelled: from then on it leaves the file alone. */
export type ReadReply = { id: number; data: Float32Array<ArrayBuffer> } | { id: number; failure: Failure }
