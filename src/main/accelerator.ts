const named: Readonly<Record<string, string>> = {
  Ctrl: 'CmdOrCtrl',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  '+': 'Plus',
  ' ': 'Space'
}

/** A key of the table as Electron writes it; null where it has no name there, or where a Mac would take the bare key from typing. */
export function acceleratorOf(key: string | null, onMac: boolean): string | null {
  if (key === null) return null
  const parts = key.split(/\+(?=.)/)
  if (onMac && !parts.includes('Ctrl')) return null
  const last = parts.at(-1) ?? ''
  const known =
    last in named || /^([A-Z0-9]|F\d{1,2}|Page(Up|Down)|Home|End|Insert|Delete|Escape|Enter|Tab)$/.test(last)
  const sign = /^[-=[\]\\;',./`?!@#$%^&*()_:<>|~{}]$/.test(last)
  return known || sign ? parts.map((part) => named[part] ?? part).join('+') : null
}
