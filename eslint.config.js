import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'

/**
 * The one-way arrows of the architecture:
 * shared <- engine <- {main, cli}; shared <- {preload, renderer}. packages/* know nothing of src.
 * Each layer lists what it must never import.
 */
const arrows = {
  shared: ['engine', 'main', 'preload', 'renderer', 'cli'],
  engine: ['main', 'preload', 'renderer', 'cli'],
  preload: ['engine', 'main', 'renderer', 'cli'],
  renderer: ['engine', 'main', 'preload', 'cli'],
  main: ['renderer', 'preload', 'cli'],
  cli: ['renderer', 'preload', 'main']
}

const noWindowInEngine = ['electron', 'react', 'react-dom', 'three', '@react-three/*', 'zustand']

const arrowRules = Object.entries(arrows).map(([layer, forbidden]) => ({
  files: [`src/${layer}/**/*.{ts,tsx}`],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: forbidden.flatMap((name) => [`**/${name}`, `**/${name}/**`]).concat(layer === 'engine' ? ['!**/engine/**'] : []),
            message: `src/${layer} must not import from ${forbidden.join(', ')} (see docs/architecture.md).`
          },
          ...(layer === 'engine' || layer === 'shared' || layer === 'cli'
            ? [{ group: noWindowInEngine, message: `src/${layer} runs without a window.` }]
            : []),
          ...(layer === 'renderer' || layer === 'preload'
            ? [{ group: ['node:*', 'onnxruntime-node', 'mrc-js', 'onnx-autodiff'], message: `src/${layer} runs in a sandbox.` }]
            : [])
        ]
      }
    ]
  }
}))

export default tseslint.config(
  { ignores: ['out/', '**/dist/', '**/node_modules/', 'test-results/', 'playwright-report/', '.cache/', 'training/'] },
  ...tseslint.configs.recommended,
  {
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/ban-ts-comment': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always'],
      'no-var': 'error',
      'prefer-const': 'error'
    }
  },
  {
    files: ['src/renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: reactHooks.configs.recommended.rules
  },
  ...arrowRules,
  {
    files: ['packages/**/*.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        { patterns: [{ group: ['**/src/engine/**', '**/src/shared/**'], message: 'packages stand alone.' }] }
      ]
    }
  }
)
