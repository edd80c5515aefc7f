export { reconstruct } from './reconstruct.ts'
export { resolveSettings } from './settings.ts'
export type { Hooks, Problem, Reconstruction, RunState, Trace } from './problem.ts'
