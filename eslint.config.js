import reactHooks from 'eslint-plugin-react-hooks'
import globals from 'globals'
import tseslint from 'typescript-eslint'
import { importArrows } from './scripts/import-arrows.mjs'

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
  {
    files: ['src/**/*.{ts,tsx}', 'packages/**/*.ts'],
    plugins: { wedgeview: { rules: { 'import-arrows': importArrows } } },
    rules: { 'wedgeview/import-arrows': 'error' }
  }
)
