// Makes resources/bundles/gaussian from resources/samples/microtubule-13pf.mrc again:
//   node scripts/make-gaussian-bundle.mjs
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const fromRoot = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const load = async (path) => {
  const alias = {
    'mrc-js': fromRoot('packages/mrc-js/src/index.ts'),
    'onnx-autodiff': fromRoot('packages/onnx-autodiff/src/index.ts')
  }
  const { module } = await runnerImport(fromRoot(path), { root: fromRoot('.'), configFile: false, resolve: { alias } })
  return module
}

const out = fromRoot('resources/bundles/gaussian')
const { makeShippedGaussianBundle } = await load('src/engine/bundle/gaussian/shipped.ts')
rmSync(out, { recursive: true, force: true })
const { sigma, sha256 } = await makeShippedGaussianBundle(fromRoot('resources/samples/microtubule-13pf.mrc'), out)
console.log(`${out}: sigma ${sigma}, sha256 of bundle.json ${sha256}`)
