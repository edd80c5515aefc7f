import { expect, test } from 'vitest'
import { commands } from './table.ts'

/** The pages of docs/guide against the program: its keys, its words, its pictures. */
const pages = import.meta.glob<string>('../../../docs/guide/*.md', { query: '?raw', import: 'default', eager: true })
const sources = import.meta.glob<string>(['../**/*.{ts,tsx}', '../../shared/*.ts', '!../**/*.test.{ts,tsx}'], {
  query: '?raw',
  import: 'default',
  eager: true
})
const pictures = import.meta.glob('../../../docs/images/*.png', { query: '?url' })

const texts = Object.entries(pages).map(([path, text]) => ({ page: path.split('/').at(-1) ?? path, text }))
const found = (text: string, pattern: RegExp): RegExpMatchArray[] => [...text.matchAll(pattern)]

test('every key of the guide does what the guide says', () => {
  expect(texts.length).toBeGreaterThan(6)
  for (const { page, text } of texts)
    for (const [, key, title] of found(text, /^\| `([^`]+)` \| (.+) \|$/gm)) {
      const command = commands.find((one) => one.keys.includes(key))
      expect(command?.title, `${key} in ${page}`).toBe(title)
    }
})

test('every key in the running text is one', () => {
  const keys = new Set(commands.flatMap((command) => command.keys))
  for (const { page, text } of texts)
    for (const [, code] of found(text, /`([^`\n]+)`/g))
      if (/^(\S|(Ctrl|Alt|Shift)\+.+)$/.test(code)) expect(keys, `${code} in ${page}`).toContain(code)
})

test('every bold word of the guide stands in the window', () => {
  const words = Object.values(sources).join('\n')
  for (const { page, text } of texts)
    for (const [, bold] of found(text, /\*\*([^*]+)\*\*/g))
      expect(words.includes(bold.replace(/\s+/g, ' ')), `“${bold}” in ${page}`).toBe(true)
})

test('every picture and page that is linked is there', () => {
  const there = new Set(
    [...Object.keys(pictures), ...Object.keys(pages)].map((path) => path.replace('../../../docs/', ''))
  )
  for (const { page, text } of texts)
    for (const [, link] of found(text, /\]\(([^)#]+\.(?:png|md))\)/g)) {
      const path = link.startsWith('../images/') ? link.slice(3) : link.startsWith('../') ? null : `guide/${link}`
      if (path !== null) expect(there, `${link} in ${page}`).toContain(path)
    }
})
