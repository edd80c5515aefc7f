import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'
import { fromRoot, workspaceAliases } from './project-paths.ts'

const resolve = { alias: workspaceAliases }
/** The oldest runtimes that have to run the result: Node 20 on the command line, and Electron 33 (scripts/verified-electron.mjs). */
const nodeTarget = 'node20.18'
const chromeTarget = 'chrome130'

export default defineConfig({
  main: {
    resolve,
    build: {
      outDir: 'out/main',
      target: nodeTarget,
      minify: false,
      sourcemap: true,
      externalizeDeps: { exclude: ['mrc-js', 'onnx-autodiff'] },
      rollupOptions: {
        // One build holds every door to the engine: the window's main process, the command
        // line, the process that runs networks and the thread that scans volumes.
        input: {
          index: fromRoot('./src/main/index.ts'),
          cli: fromRoot('./src/cli/index.ts'),
          runner: fromRoot('./src/engine/runner/entry.ts'),
          'volume-worker': fromRoot('./src/engine/volume/scans/worker-entry.ts')
        },
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' }
      }
    }
  },
  preload: {
    resolve,
    build: {
      outDir: 'out/preload',
      target: nodeTarget,
      minify: true,
      rollupOptions: {
        input: { index: fromRoot('./src/preload/index.ts') },
        // A sandboxed preload must be CommonJS.
        output: { format: 'cjs', entryFileNames: '[name].cjs' }
      }
    }
  },
  renderer: {
    root: 'src/renderer',
    resolve,
    plugins: [react()],
    build: {
      outDir: fromRoot('./out/renderer'),
      target: chromeTarget,
      minify: true,
      // three and React come from the disk, not over a network.
      chunkSizeWarningLimit: 2500,
      rollupOptions: { input: { index: fromRoot('./src/renderer/index.html') } }
    }
  }
})
