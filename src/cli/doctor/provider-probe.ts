import { spawn } from 'node:child_process'
import { z } from 'zod'
import { runtimeReason } from '../../engine/graph/session.ts'
import { timeConvolution } from '../../engine/graph/session-probe.ts'
import { WedgeviewError } from '../../shared/errors.ts'

export const providerNames = ['cpu', 'cuda', 'webgpu'] as const
export type ProviderName = (typeof providerNames)[number]

export const probeResultSchema = z.object({
  works: z.boolean(),
  /** Why not, in one sentence; null where it works. */
  reason: z.string().nullable(),
  /** Time of the second run of a small convolution; null where it doesn't work. */
  milliseconds: z.number().nullable()
})
export type ProbeResult = z.infer<typeof probeResultSchema>

/** Times a 3-D convolution whose answer is known. */
export async function probeHere(provider: ProviderName): Promise<ProbeResult> {
  try {
    return { works: true, reason: null, milliseconds: await timeConvolution(provider) }
  } catch (error) {
    return failed(runtimeReason(error instanceof WedgeviewError ? error.cause : error))
  }
}

/**
 * Asks a process of its own, since a driver that is broken may take its process down.
 *
 * @param command starts this program again; the arguments of the hidden command follow
 */
export async function probeElsewhere(
  provider: ProviderName,
  command: readonly string[],
  signal: AbortSignal
): Promise<ProbeResult> {
  const { code, killedBy, stdout, stderr } = await output([...command, 'probe-provider', provider], signal)
  const result = probeResultSchema.safeParse(jsonOrNull(stdout))
  if (result.success) return result.data
  const said = stderr.trim().split('\n').at(-1) ?? ''
  const end = killedBy === null ? `ended with exit code ${code}` : `was ended by ${killedBy}`
  return failed(`The process that tried it ${end}${said === '' ? '' : `: ${said}`}.`)
}

const patienceMilliseconds = 60_000

interface Output {
  code: number | null
  killedBy: string | null
  stdout: string
  stderr: string
}

function output([command = '', ...args]: readonly string[], signal: AbortSignal): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: patienceMilliseconds,
      killSignal: 'SIGKILL',
      signal
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    child.on('error', (error) => {
      if (signal.aborted) reject(error)
      else resolve({ code: null, killedBy: null, stdout, stderr: error.message })
    })
    child.on('close', (code, killedBy) => resolve({ code, killedBy, stdout, stderr }))
  })
}

function failed(reason: string): ProbeResult {
  return { works: false, reason, milliseconds: null }
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
