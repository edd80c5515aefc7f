import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, availableParallelism, cpus, freemem, platform, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { getHeapStatistics } from 'node:v8'
import { z } from 'zod'
import { largestTensorBytes } from '../../engine/graph/session.ts'
import { programVersion } from '../program-folders.ts'

/** Null for what is not installed. */
export function versions(): Record<string, string | null> {
  return {
    wedgeview: programVersion(),
    node: process.versions.node,
    'onnxruntime-node': packageVersion('onnxruntime-node'),
    electron: packageVersion('electron'),
    '@resvg/resvg-js': packageVersion('@resvg/resvg-js')
  }
}

const packageSchema = z.object({ version: z.string() })

function packageVersion(name: string): string | null {
  try {
    return packageSchema.parse(createRequire(import.meta.url)(`${name}/package.json`)).version
  } catch {
    return null
  }
}

export function system(): { platform: string; arch: string; release: string; cpu: string; threads: number } {
  return {
    platform: platform(),
    arch: arch(),
    release: release(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    threads: availableParallelism()
  }
}

export interface MemoryLimits {
  totalBytes: number
  freeBytes: number
  /** What a container or a batch system allows; null where nothing limits this process. */
  limitBytes: number | null
  heapLimitBytes: number
  /** A network whose largest tensor needs more is refused: beyond it an Electron process may be killed. */
  largestTensorBytes: number
}

export function memoryLimits(): MemoryLimits {
  const total = totalmem()
  const limit = process.constrainedMemory()
  return {
    totalBytes: total,
    freeBytes: freemem(),
    limitBytes: limit > 0 && limit < total ? limit : null,
    heapLimitBytes: getHeapStatistics().heap_size_limit,
    largestTensorBytes
  }
}

export interface Gpu {
  name: string
  memoryBytes: number | null
  driver: string | null
}

/** What NVIDIA's own tool lists; without it, on Linux, the display devices the kernel knows. */
export async function gpus(): Promise<Gpu[]> {
  const listed = await nvidiaGpus()
  return listed.length > 0 || platform() !== 'linux' ? listed : kernelGpus('/sys/class/drm')
}

async function nvidiaGpus(): Promise<Gpu[]> {
  const query = ['--query-gpu=name,memory.total,driver_version', '--format=csv,noheader,nounits']
  const answer = await promisify(execFile)('nvidia-smi', query, { timeout: 10_000 }).catch(() => null)
  return answer === null ? [] : nvidiaList(answer.stdout)
}

/** One GPU a line: name, MiB, driver. */
export function nvidiaList(csv: string): Gpu[] {
  const lines = csv.split('\n').filter((line) => line.trim() !== '')
  return lines.map((line) => {
    const [name = '', mebibytes = '', driver = ''] = line.split(',').map((part) => part.trim())
    const memory = Number(mebibytes)
    return { name, memoryBytes: Number.isFinite(memory) ? memory * 2 ** 20 : null, driver: driver || null }
  })
}

const vendors: Readonly<Record<string, string>> = { '0x10de': 'NVIDIA', '0x1002': 'AMD', '0x8086': 'Intel' }

async function kernelGpus(folder: string): Promise<Gpu[]> {
  const cards = (await readdir(folder).catch(() => [])).filter((name) => /^card\d+$/.test(name))
  const read = async (card: string, file: string): Promise<string> =>
    (await readFile(join(folder, card, 'device', file), 'utf8').catch(() => '')).trim()
  const found = await Promise.all(
    cards.map(async (card) => {
      const [vendor, device] = await Promise.all([read(card, 'vendor'), read(card, 'device')])
      return vendor === '' ? null : { name: `${vendors[vendor] ?? `vendor ${vendor}`} device ${device}` }
    })
  )
  return found.filter((gpu) => gpu !== null).map(({ name }) => ({ name, memoryBytes: null, driver: null }))
}
