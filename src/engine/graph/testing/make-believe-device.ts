import type { Target } from '../lowering.ts'
import { floatTensor } from '../session.ts'
import type { NetworkSession } from '../session.ts'

/** A session that doubles its input, with an error relative to that where one is given. */
export function doublingSession(device: Target, error: number, onClose: () => void): NetworkSession {
  return {
    device,
    threads: 1,
    inputs: [{ name: 'z', type: 'float32', shape: [4] }],
    outputNames: ['y'],
    run: ({ z }) => {
      const data = Float32Array.from(z.data as Float32Array, (value) => 2 * value * (1 + error))
      return Promise.resolve({ y: floatTensor(data, [4]) })
    },
    close: () => {
      onClose()
      return Promise.resolve()
    }
  }
}
