import { InferenceSession, Tensor as RuntimeTensor } from 'onnxruntime-node'
import type { Evaluate, Tensor } from '../../src/index.ts'

const options: InferenceSession.SessionOptions = {
  enableCpuMemArena: false,
  enableMemPattern: false,
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  logSeverityLevel: 3
}

const toRuntime = ({ type, data, dims }: Tensor): RuntimeTensor =>
  new RuntimeTensor(type as 'float32', data as Float32Array, [...dims])

/** A session kept for several runs. */
export const open = async (
  model: Uint8Array | string,
  more: InferenceSession.SessionOptions = {}
): Promise<(feeds: Record<string, Tensor>, fetches: string[]) => Promise<Record<string, Tensor>>> => {
  const merged = { ...options, ...more }
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, merged)
      : await InferenceSession.create(model, merged)
  return async (feeds, fetches) => {
    const fed = Object.fromEntries(
      session.inputNames.map((name) => {
        const tensor = feeds[name]
        if (tensor === undefined) throw new Error(`no feed for ${name}`)
        return [name, toRuntime(tensor)]
      })
    )
    return (await session.run(fed, fetches)) as unknown as Record<string, Tensor>
  }
}

/** One run on onnxruntime's CPU provider. */
export const evaluate: Evaluate = async (model, feeds, fetches) => (await open(model))(feeds, fetches)
