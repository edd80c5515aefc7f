import { join } from 'node:path'
import { ESLint } from 'eslint'
import { beforeAll, expect, test } from 'vitest'
import { projectRoot } from './run-command.mjs'

let eslint: ESLint

beforeAll(() => {
  eslint = new ESLint({ cwd: projectRoot })
})

/** What the project's own configuration says of one line in a file that need not exist. */
async function complaints(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: join(projectRoot, file) })
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === 'wedgeview/import-arrows')
    .map(({ message }) => message)
}

const forbidden: [string, string][] = [
  ['src/shared/a.ts', "import { x } from '../engine/x.ts'\nexport { x }"],
  ['src/engine/volume/a.ts', "import { x } from '../../main/x.ts'\nexport { x }"],
  ['src/engine/volume/a.ts', "import type { x } from '../../cli/x.ts'\nexport type { x }"],
  ['src/engine/volume/a.ts', "export const x = import('../../renderer/x.ts')"],
  ['src/engine/volume/a.ts', "export * from '../../preload/index.ts'"],
  ['src/engine/volume/a.ts', "import { app } from 'electron'\nexport { app }"],
  ['src/engine/volume/a.ts', "import { useState } from 'react'\nexport { useState }"],
  ['src/engine/volume/a.ts', "import { x } from '../../../packages/mrc-js/src/x.ts'\nexport { x }"],
  ['src/engine/volume/a.test.ts', "import { x } from '../../main/x.ts'\nexport { x }"],
  ['src/renderer/panes/Pane.tsx', "import { x } from '../../engine/x.ts'\nexport { x }"],
  ['src/renderer/panes/Pane.tsx', "export type X = import('../../engine/x.ts').X"],
  ['src/renderer/panes/Pane.tsx', "import { readFile } from 'node:fs'\nexport { readFile }"],
  ['src/renderer/panes/Pane.tsx', "import { readVolume } from 'mrc-js'\nexport { readVolume }"],
  ['src/renderer/panes/Pane.tsx', "import { ipcRenderer } from 'electron'\nexport { ipcRenderer }"],
  ['src/preload/index.ts', "import { x } from '../main/x.ts'\nexport { x }"],
  ['src/main/a.ts', "import { x } from '../renderer/x.ts'\nexport { x }"],
  ['src/main/a.ts', "import { x } from '../cli/x.ts'\nexport { x }"],
  ['src/cli/a.ts', "import { x } from '../main/x.ts'\nexport { x }"],
  ['packages/mrc-js/src/a.ts', "import { x } from '../../../src/shared/x.ts'\nexport { x }"],
  ['packages/mrc-js/src/a.ts', "import { z } from 'zod'\nexport { z }"],
  ['packages/onnx-autodiff/src/a.ts', "import { x } from '../../mrc-js/src/x.ts'\nexport { x }"]
]

test.each(forbidden)('%s must not contain: %s', async (file, code) => {
  expect(await complaints(file, code)).toHaveLength(1)
})

const allowed: [string, string][] = [
  [
    'src/engine/volume/a.ts',
    "import { x } from '../../shared/x.ts'\nimport { y } from '../wedge/y.ts'\nexport { x, y }"
  ],
  [
    'src/engine/volume/a.ts',
    "import { readFile } from 'node:fs'\nimport * as mrc from 'mrc-js'\nexport { mrc, readFile }"
  ],
  ['src/main/a.ts', "import { app } from 'electron'\nimport { x } from '../engine/x.ts'\nexport { app, x }"],
  ['src/cli/a.ts', "import { x } from '../engine/x.ts'\nimport { z } from 'zod'\nexport { x, z }"],
  [
    'src/preload/index.ts',
    "import { ipcRenderer } from 'electron'\nimport { x } from '../shared/x.ts'\nexport { ipcRenderer, x }"
  ],
  [
    'src/renderer/App.tsx',
    "import { useState } from 'react'\nimport { x } from '../shared/x.ts'\nexport { useState, x }"
  ],
  ['packages/onnx-autodiff/src/a.ts', "import { create } from '@bufbuild/protobuf'\nexport { create }"],
  [
    'packages/onnx-autodiff/test/a.test.ts',
    "import { test } from 'vitest'\nimport { x } from '../src/x.ts'\nexport { test, x }"
  ]
]

test.each(allowed)('%s may contain: %s', async (file, code) => {
  expect(await complaints(file, code)).toEqual([])
})
