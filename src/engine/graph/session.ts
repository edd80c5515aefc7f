import { availableParallelism } from 'node:os'
import type { ElementType, Evaluate } from 'onnx-autodiff'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { WedgeviewError } from '../../shared/errors.ts'
import type { Device } from '../../shared/settings.ts'
import type { DeviceChoice } from './device.ts'
import type { Target } from './lowering.ts'
import type { InputDescription } from './trial-feeds.ts'

/** A model ready to run. Runs block this thread and can't be cancelled: callers look at their signal between runs. */
export interface NetworkSession {
  readonly device: Target
  readonly threads: number
  /** All inputs and outputs; sizes that are not static are 1 here. */
  readonly inputs: readonly InputDescription[]
  readonly outputNames: readonly string[]
  /** Only float32 and int64 tensors pass through; outputs that are not asked for are not copied. */
  run(feeds: Record<string, Tensor>, fetches: readonly string[]): Promise<Record<string, Tensor>>
  close(): Promise<void>
}

export interface SessionSettings {
  device: Device
  /** null: as many as the machine has cores. */
  threads: number | null
  /** How 'auto' was decided for this run before; it is not decided again. */
  decided?: DeviceChoice | null
  /** Told in a few words what takes its time before the first run. */
  say?: (words: string) => void
}

/** A tensor of about 1 GiB ends an Electron process; this much is safe (measured). */
export const largestTensorBytes = 0.9 * 2 ** 30

/** 'auto' is the CPU where nothing was decided; who opens a graph for a run decides first (decided-session.ts). */
export function resolveDevice(device: Device): Target {
  return device === 'auto' ? 'cpu' : device
}

/**
 * Opens an encoded model; weights that it keeps in other files are looked for in `weightsFolder`.
 * @throws {WedgeviewError} input / device-unavailable where the wanted device can't be used; job / network-failed
 *   where the runtime refuses the model.
 */
export async function openSession(
  model: Uint8Array,
  settings: SessionSettings,
  weightsFolder?: string
): Promise<NetworkSession> {
  const device = resolveDevice(settings.device)
  const threads = settings.threads ?? availableParallelism()
  const options: InferenceSession.SessionOptions = {
    executionProviders: [device],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // The default arena asks for more than Electron's allocation limit, and takes up to twice the memory for no speed.
    enableCpuMemArena: false,
    enableMemPattern: false,
    logSeverityLevel: 3,
    extra: {
      session: {
        intra_op: { allow_spinning: '0' },
        ...(weightsFolder && { model_external_initializers_file_folder_path: weightsFolder })
      }
    }
  }
  let session: InferenceSession
  try {
    session = await InferenceSession.create(model, options)
  } catch (error) {
    const reason = runtimeReason(error)
    if (device !== 'cpu')
      throw new WedgeviewError(
        'input',
        'device-unavailable',
        `The networks can't run on ${device} here: ${reason}`,
        'Choose --device cpu, or see `wedgeview doctor` for what is missing.',
        { cause: error }
      )
    throw new WedgeviewError(
      'job',
      'network-failed',
      `The runtime refuses the step graph: ${reason}`,
      'Run `wedgeview bundle check` on the bundle; if it passes, this is a fault in the program.',
      { cause: error }
    )
  }
  return {
    device,
    threads,
    inputs: session.inputMetadata.flatMap((input) =>
      input.isTensor
        ? [
            {
              name: input.name,
              type: input.type,
              shape: input.shape.map((n) => (typeof n === 'number' ? n : 1))
            }
          ]
        : []
    ),
    outputNames: session.outputNames,
    async run(feeds, fetches) {
      try {
        return (await session.run(feeds, fetches)) as Record<string, Tensor>
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new WedgeviewError(
          'job',
          'network-failed',
          `A network run failed on ${device}: ${reason}`,
          'A smaller region or --tile needs less memory; --device cpu avoids a device’s own faults.',
          { cause: error }
        )
      }
    },
    close: () => session.release()
  }
}

/** The runtime's own words, without the source line that its C++ assertions put before them. */
export function runtimeReason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(/\s+/g, ' ')
    .replace(/^.* was false\. /, '')
    .trim()
}

export function floatTensor(data: Float32Array, dims: readonly number[]): Tensor {
  return new Tensor('float32', data, dims)
}

/** Runs a graph once, for shapes and constants: the same on every device, and the CPU has all operators. */
export function evaluateOnCpu(threads: number | null, weightsFolder?: string): Evaluate {
  return async (model, feeds, fetches) => {
    const session = await openSession(model, { device: 'cpu', threads }, weightsFolder)
    try {
      const tensors = Object.fromEntries(
        Object.entries(feeds).map(([name, { type, data, dims }]) => [
          name,
          new Tensor(type as 'float32', data as Float32Array, dims)
        ])
      )
      const results = await session.run(tensors, fetches)
      return Object.fromEntries(
        fetches.map((name) => {
          const { type, dims, data } = results[name]
          return [name, { type: type as ElementType, dims, data: data as Float32Array }]
        })
      )
    } finally {
      await session.close()
    }
  }
}
