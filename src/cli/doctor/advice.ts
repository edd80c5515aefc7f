import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { cudaLibrary, runtimeFolder } from '../../engine/graph/device-support.ts'
import type { ProviderName } from './provider-probe.ts'

/** What advice depends on; tests put their own in its place. */
export interface AdviceSources {
  platform: NodeJS.Platform
  arch: string
  /** Where onnxruntime's libraries lie. */
  folder: string
  runtimeVersion: string | null
}

export function adviceSources(runtimeVersion: string | null): AdviceSources {
  return { platform: process.platform, arch: process.arch, folder: runtimeFolder(), runtimeVersion }
}

/** What a user can do about a provider that does not work; one step a line, none where nothing helps. */
export function providerAdvice(provider: ProviderName, sources: AdviceSources): string[] {
  if (provider === 'cuda') return cudaAdvice(sources)
  if (provider === 'webgpu') return webGpuAdvice(sources)
  return []
}

function cudaAdvice({ platform, arch, folder, runtimeVersion }: AdviceSources): string[] {
  const library = cudaLibrary(platform)
  if (platform !== 'linux' || arch !== 'x64' || library === null)
    return ['onnxruntime-node offers CUDA on Linux x64 only; WebGPU uses the same GPU.']
  if (existsSync(join(folder, library)))
    return [
      `The provider is installed in ${folder}, but could not be used.`,
      'It needs an NVIDIA driver, and the CUDA and cuDNN 9 libraries it was built for where the loader finds them (LD_LIBRARY_PATH).',
      `Its version must be onnxruntime-node's own, ${runtimeVersion ?? 'see above'}.`
    ]
  const version = runtimeVersion ?? 'onnxruntime-node’s own'
  return [
    'Needed: an NVIDIA driver, the CUDA and cuDNN 9 libraries, and two files of onnxruntime’s CUDA provider.',
    `For CUDA 12, upstream's installer fetches them: node ${join(folder, '..', '..', '..', '..', 'script', 'install.js')} --onnxruntime-node-install=cuda12`,
    `For CUDA 13, take ${library} and libonnxruntime_providers_shared.so of version ${version} ` +
      '(1.29.0: npm package com.github.asus4.onnxruntime.linux-x64-gpu@0.4.9).',
    `Put them into ${folder} and run \`wedgeview doctor\` again. docs/devices.md says more.`
  ]
}

function webGpuAdvice({ platform }: AdviceSources): string[] {
  return platform === 'linux'
    ? [
        'WebGPU needs a GPU with its Vulkan driver and the Vulkan loader (Debian: libvulkan1); nothing else is to be installed.'
      ]
    : ['WebGPU needs a GPU and a current driver; nothing else is to be installed.']
}
