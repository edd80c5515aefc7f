import { readdirSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism, cpus, release } from 'node:os'
import { join } from 'node:path'
import { cudaLibrary, runtimeFolder } from './device-support.ts'

/** What a timed decision between devices depends on besides the graph, as far as it can be seen without loading a driver. */
export interface MachineIdentity {
  /** The kernel's release: drivers that are part of the system change with it. */
  system: string
  processor: string
  cores: number
  /** Device nodes and graphics cards. */
  devices: readonly string[]
  /** Versions of kernel drivers and the Vulkan drivers that are installed. */
  drivers: readonly string[]
  /** onnxruntime's CUDA provider, where it is installed. */
  cudaProvider: string | null
  /** Variables that choose devices or change what they compute. */
  variables: readonly string[]
}

const kernelDrivers = ['nvidia', 'amdgpu', 'i915', 'xe', 'nouveau']
const vulkanFolders = ['usr/share/vulkan/icd.d', 'usr/local/share/vulkan/icd.d', 'etc/vulkan/icd.d']
const variableNames =
  /^(CUDA_.*|NVIDIA_.*|VK_(ICD_FILENAMES|DRIVER_FILES|ADD_DRIVER_FILES)|MESA_VK_.*|DRI_PRIME|LD_LIBRARY_PATH)$/

/** @param root the file system's, which tests put a folder in place of */
export function machineIdentity(
  root = '/',
  env: Readonly<Record<string, string | undefined>> = process.env
): MachineIdentity {
  const names = (...path: string[]): string[] => orNull(() => readdirSync(join(root, ...path)).sort()) ?? []
  const text = (...path: string[]): string | null => orNull(() => readFileSync(join(root, ...path), 'utf8').trim())
  const isGpu = (name: string): boolean => /^(renderD\d+|nvidia\d+|dxg)$/.test(name)
  const cards = names('sys/class/drm').filter((name) => /^card\d+$/.test(name))
  const card = (name: string): string =>
    [name, ...['vendor', 'device'].map((file) => text('sys/class/drm', name, 'device', file))].join(' ')
  const library = cudaLibrary()
  return {
    system: `${process.platform} ${process.arch} ${release()}`,
    processor: cpus()[0]?.model ?? '',
    cores: availableParallelism(),
    devices: [...[...names('dev'), ...names('dev/dri')].filter(isGpu), ...cards.map(card)],
    drivers: [
      text('proc/driver/nvidia/version'),
      ...kernelDrivers.map((name) => text('sys/module', name, 'version')),
      ...vulkanFolders.flatMap((folder) => names(folder).map((name) => stamp(join(root, folder, name))))
    ].filter((entry) => entry !== null),
    cudaProvider: library && stamp(join(runtimeFolder(), library)),
    variables: Object.keys(env)
      .filter((name) => variableNames.test(name) && env[name])
      .sort()
      .map((name) => `${name}=${env[name]}`)
  }
}

/** A file's path, size and date: an update changes them. */
function stamp(path: string): string | null {
  const info = orNull(() => statSync(path))
  return info && `${path} ${info.size} ${info.mtimeMs}`
}

function orNull<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
