// An ESLint rule that holds the one-way arrows of docs/architecture.md. It resolves each import to a folder,
// whatever its spelling, and looks at import(), export … from and type imports alike.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** The layers of src that each layer may import from, besides itself. */
const layerImports = {
  shared: [],
  engine: ['shared'],
  main: ['shared', 'engine'],
  cli: ['shared', 'engine'],
  preload: ['shared'],
  renderer: ['shared']
}

const window = ['electron', 'react', 'react-dom', 'three', '@react-three', 'zustand']
const engineOnly = ['onnxruntime-node', 'mrc-js', 'onnx-autodiff']
const without = {
  windowless: { modules: window, builtins: true, reason: 'runs without a window' },
  sandboxed: { modules: ['electron', ...engineOnly], builtins: false, reason: 'runs in a sandbox' },
  anywhere: { modules: [...window, ...engineOnly], builtins: false, reason: 'runs everywhere' }
}
const layerModules = {
  shared: without.anywhere,
  engine: without.windowless,
  cli: without.windowless,
  preload: without.sandboxed,
  renderer: without.sandboxed
}

/** `src/engine/volume/open.ts` -> { group: 'src', name: 'engine' }; null for what is in no layer and no package. */
function place(root, file) {
  const [group, name, ...rest] = relative(root, file).split(sep)
  return rest.length > 0 && (group === 'src' || group === 'packages') ? { group, name } : null
}

const isTest = (file) => /\.test\.tsx?$/.test(file) || file.split(sep).includes('test')

/** Why a file may not import another file, or null. */
function relativeProblem(from, to) {
  if (from.group === 'packages') {
    const stays = to?.group === 'packages' && to.name === from.name
    return stays ? null : `packages/${from.name} stands alone: it imports nothing outside of its folder.`
  }
  if (to?.group === 'packages') return `Import ${to.name} by its name, not by its path.`
  if (to?.group !== 'src' || to.name === from.name) return null
  const allowed = layerImports[from.name]
  if (!allowed || allowed.includes(to.name)) return null
  return `src/${from.name} must not import from src/${to.name} (see docs/architecture.md).`
}

const packageName = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')

/** Why a file may not import a module by its name, or null. */
function moduleProblem(root, from, specifier, typeOnly) {
  if (from.group === 'packages') {
    const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'packages', from.name, 'package.json'), 'utf8'))
    const declared = isBuiltin(specifier) || packageName(specifier) in dependencies
    return declared ? null : `packages/${from.name} stands alone: ${specifier} is not among its dependencies.`
  }
  const rule = layerModules[from.name]
  if (!rule || (from.name === 'preload' && packageName(specifier) === 'electron')) return null
  const name = packageName(specifier)
  const foreign = rule.modules.some((module) => name === module || name.startsWith(`${module}/`))
  const builtin = isBuiltin(specifier) && !rule.builtins && !typeOnly
  return foreign || builtin ? `src/${from.name} ${rule.reason}: it must not import ${specifier}.` : null
}

/** @type {import('eslint').Rule.RuleModule} */
export const importArrows = {
  meta: { type: 'problem', schema: [], messages: { arrow: '{{ reason }}' } },
  create(context) {
    const root = context.cwd
    const file = context.filename
    const from = place(root, file)
    if (!from) return {}
    const check = (node) => {
      const specifier = node.source?.value
      if (typeof specifier !== 'string') return
      const typeOnly = node.importKind === 'type' || node.exportKind === 'type'
      const reason = specifier.startsWith('.')
        ? relativeProblem(from, place(root, resolve(dirname(file), specifier)))
        : isTest(file)
          ? null
          : moduleProblem(root, from, specifier, typeOnly)
      if (reason) context.report({ node, messageId: 'arrow', data: { reason } })
    }
    return {
      ImportDeclaration: check,
      ImportExpression: check,
      ExportNamedDeclaration: check,
      ExportAllDeclaration: check,
      TSImportType: check
    }
  }
}
