import { fileURLToPath } from 'node:url'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Workspace packages are consumed from source, so that a change needs no build step. */
export const workspaceAliases = {
  'mrc-js': here('./packages/mrc-js/src/index.ts'),
  'onnx-autodiff': here('./packages/onnx-autodiff/src/index.ts')
}

export const fromRoot = here
