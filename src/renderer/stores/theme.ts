import { create } from 'zustand'

export type Theme = 'dark' | 'light'

const key = 'wedgeview-theme'

function remembered(): Theme {
  const saved = globalThis.localStorage?.getItem(key)
  if (saved === 'dark' || saved === 'light') return saved
  return globalThis.matchMedia?.('(prefers-color-scheme: light)').matches ? 'light' : 'dark'
}

export const useTheme = create<{ theme: Theme }>()(() => ({ theme: remembered() }))

export function setTheme(theme: Theme): void {
  globalThis.localStorage?.setItem(key, theme)
  useTheme.setState({ theme })
}

export function toggleTheme(): void {
  setTheme(useTheme.getState().theme === 'dark' ? 'light' : 'dark')
}
