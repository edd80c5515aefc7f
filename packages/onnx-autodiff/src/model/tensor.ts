import type { ElementType, TypedArray } from './element-type.ts'

/** A tensor as it goes in and out of an evaluator. A numeric onnxruntime `Tensor` is one. */
export interface Tensor {
  readonly type: ElementType
  readonly data: TypedArray
  readonly dims: readonly number[]
}

/**
 * Runs an encoded model once: the caller supplies it (with onnxruntime, usually), so that this package needs no runtime.
 * `fetches` are names of graph outputs; the answer holds exactly those.
 */
export type Evaluate = (
  model: Uint8Array,
  feeds: Record<string, Tensor>,
  fetches: string[]
) => Promise<Record<string, Tensor>>
