export { createJobQueue } from './job-queue.ts'
export type { JobQueue, JobQueueOptions, JobSnapshot } from './snapshot.ts'
export type { PartialMaps } from '../runner/partial-pieces.ts'
export { findUnfinished } from '../runner/state/unfinished.ts'
