import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Target } from './lowering.ts'

/** Devices that may be faster than the CPU, in the order they are tried. */
export type Accelerator = Exclude<Target, 'cpu'>
export const accelerators: readonly Accelerator[] = ['cuda', 'webgpu']

/** The folder with onnxruntime's own libraries, where a CUDA provider has to lie. */
export function runtimeFolder(): string {
  // Resolved to .../onnxruntime-node/dist/index.js
  const entry = createRequire(import.meta.url).resolve('onnxruntime-node')
  return join(dirname(entry), '..', 'bin', 'napi-v6', process.platform, process.arch)
}

/** File that the CUDA provider is in; null where there is none for this system. */
export function cudaLibrary(platform: NodeJS.Platform = process.platform): string | null {
  if (platform === 'linux') return 'libonnxruntime_providers_cuda.so'
  return platform === 'win32' ? 'onnxruntime_providers_cuda.dll' : null
}

/** What a check looks at; tests put their own in its place. */
export interface SupportSources {
  platform: NodeJS.Platform
  runtimeFolder: string
  /** Names in /dev and /dev/dri. */
  devices: readonly string[]
  env: Readonly<Record<string, string | undefined>>
}

function systemSources(): SupportSources {
  const names = (folder: string): string[] => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  }
  return {
    platform: process.platform,
    runtimeFolder: runtimeFolder(),
    devices: [...names('/dev'), ...names('/dev/dri')],
    env: process.env
  }
}

/**
 * Why a device can't be there, from what the system shows, without loading a driver; null where it is worth a try.
 * Trying costs up to half a second and, with a broken driver, the process.
 */
export function absence(device: Accelerator, sources: SupportSources = systemSources()): string | null {
  return device === 'cuda' ? cudaAbsence(sources) : webGpuAbsence(sources)
}

function cudaAbsence({ platform, runtimeFolder: folder }: SupportSources): string | null {
  const library = cudaLibrary(platform)
  if (library === null) return `onnxruntime has no CUDA provider for ${platform}`
  return existsSync(join(folder, library)) ? null : `onnxruntime's CUDA provider is not installed (${library})`
}

/** A software Vulkan device named by hand counts: that is how the provider is tested without a GPU. */
const vulkanVariables = ['VK_ICD_FILENAMES', 'VK_DRIVER_FILES', 'VK_ADD_DRIVER_FILES']

function webGpuAbsence({ platform, devices, env }: SupportSources): string | null {
  if (platform !== 'linux' || vulkanVariables.some((name) => env[name])) return null
  const isGpu = (name: string): boolean => /^(renderD\d+|nvidia\d+|dxg)$/.test(name)
  return devices.some(isGpu) ? null : 'the system shows no GPU'
}
