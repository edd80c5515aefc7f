import { decodeModel } from './model/decode.ts'
import { elementTypeCode } from './model/element-type.ts'
import type { ElementType } from './model/element-type.ts'
import { GraphModel } from './model/graph-model.ts'
import type { Value } from './model/node.ts'

/** Sizes and axes may be given as numbers, or as a rank-1 int64 value where they are computed. */
export type Integers = readonly number[] | Value

/** A graph with one method for each of the operators one writes by hand; `node` makes any other. */
export class Graph extends GraphModel {
  /** Reads an encoded model (`.onnx`). Throws `OnnxAutodiffError` ('bad-model', 'unsupported-…') for what it can't hold. */
  static decode(bytes: Uint8Array): Graph {
    const parts = decodeModel(bytes)
    const graph = new Graph({ opset: parts.opset, name: parts.name })
    graph.load(parts)
    return graph
  }

  /** A graph of its own that shares the weights. */
  clone(): Graph {
    const graph = new Graph({ opset: this.opset, name: this.name })
    graph.load(this)
    return graph
  }

  add(a: Value, b: Value): Value {
    return this.node('Add', [a, b])
  }
  sub(a: Value, b: Value): Value {
    return this.node('Sub', [a, b])
  }
  mul(a: Value, b: Value): Value {
    return this.node('Mul', [a, b])
  }
  div(a: Value, b: Value): Value {
    return this.node('Div', [a, b])
  }
  pow(a: Value, exponent: Value): Value {
    return this.node('Pow', [a, exponent])
  }
  neg(a: Value): Value {
    return this.node('Neg', [a])
  }
  sqrt(a: Value): Value {
    return this.node('Sqrt', [a])
  }
  exp(a: Value): Value {
    return this.node('Exp', [a])
  }
  log(a: Value): Value {
    return this.node('Log', [a])
  }
  tanh(a: Value): Value {
    return this.node('Tanh', [a])
  }
  sigmoid(a: Value): Value {
    return this.node('Sigmoid', [a])
  }
  relu(a: Value): Value {
    return this.node('Relu', [a])
  }
  softplus(a: Value): Value {
    return this.node('Softplus', [a])
  }
  reciprocal(a: Value): Value {
    return this.node('Reciprocal', [a])
  }
  identity(a: Value): Value {
    return this.node('Identity', [a])
  }
  where(condition: Value, a: Value, b: Value): Value {
    return this.node('Where', [condition, a, b])
  }
  greater(a: Value, b: Value): Value {
    return this.node('Greater', [a, b])
  }
  less(a: Value, b: Value): Value {
    return this.node('Less', [a, b])
  }
  equal(a: Value, b: Value): Value {
    return this.node('Equal', [a, b])
  }

  /** Matrix product over the last two axes, leading axes broadcast. */
  matmul(a: Value, b: Value): Value {
    return this.node('MatMul', [a, b])
  }

  /** `shape` may hold one -1 (the rest) and 0 (that axis of the input). */
  reshape(a: Value, shape: Integers): Value {
    return this.node('Reshape', [a, this.#integers(shape)])
  }
  transpose(a: Value, permutation: readonly number[]): Value {
    return this.node('Transpose', [a], { perm: permutation })
  }
  expand(a: Value, shape: Integers): Value {
    return this.node('Expand', [a, this.#integers(shape)])
  }
  squeeze(a: Value, axes: Integers): Value {
    return this.node('Squeeze', [a, this.#integers(axes)])
  }
  unsqueeze(a: Value, axes: Integers): Value {
    return this.node('Unsqueeze', [a, this.#integers(axes)])
  }
  concat(values: readonly Value[], axis: number): Value {
    return this.node('Concat', values, { axis })
  }
  slice(a: Value, starts: Integers, ends: Integers, axes: Integers, steps?: Integers): Value {
    const parts = [starts, ends, axes, ...(steps === undefined ? [] : [steps])]
    return this.node('Slice', [a, ...parts.map((part) => this.#integers(part))])
  }
  gather(a: Value, indices: Value, axis: number): Value {
    return this.node('Gather', [a, indices], { axis })
  }

  /** Zero (or `value`) padding; `pads` are all begins, then all ends. Negative pads crop. */
  pad(a: Value, pads: readonly number[], value?: Value): Value {
    return this.node('Pad', [a, this.integers(pads), ...(value === undefined ? [] : [value])])
  }

  /** Sum over `axes`, or over everything; reduced axes stay with size 1 unless `keepDimensions` is false. */
  reduceSum(a: Value, axes?: readonly number[], keepDimensions = true): Value {
    return this.reduce('ReduceSum', a, axes, keepDimensions)
  }
  reduceMean(a: Value, axes?: readonly number[], keepDimensions = true): Value {
    return this.reduce('ReduceMean', a, axes, keepDimensions)
  }
  reduceMax(a: Value, axes?: readonly number[], keepDimensions = true): Value {
    return this.reduce('ReduceMax', a, axes, keepDimensions)
  }

  /** Any reduction operator, its axes written as the graph's opset wants them. */
  reduce(opType: string, a: Value, axes?: readonly number[], keepDimensions = true): Value {
    const keepdims = keepDimensions ? 1 : 0
    // ReduceSum takes axes as an input since opset 13, the others since 18.
    const asInput = opType === 'ReduceSum' ? this.opset >= 13 : this.opset >= 18
    if (axes === undefined) return this.node(opType, [a], { keepdims })
    return asInput
      ? this.node(opType, [a, this.integers(axes)], { keepdims })
      : this.node(opType, [a], { keepdims, axes })
  }

  cast(a: Value, type: ElementType): Value {
    return this.node('Cast', [a], { to: elementTypeCode(type) })
  }

  #integers(values: Integers): Value {
    return typeof values === 'string' ? values : this.integers(values)
  }
}
