import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { sessionExtension } from '../src/shared/session/session-file.ts'
import { tomogramExtensions } from '../src/shared/tomogram-files.ts'
import { projectRoot } from './run-command.mjs'
import { install, remove } from './file-types.mjs'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })))

const read = (...path: string[]): string => readFileSync(join(projectRoot, ...path), 'utf8')
/** product.md's, and sessions. */
const extensions = ['ali', 'map', 'mrc', 'mrcs', 'rec', 'st', 'wedgeview']

test('package.json, the MIME types and the desktop entry speak of the same files', () => {
  const { build } = z
    .object({
      build: z.object({ fileAssociations: z.array(z.object({ ext: z.array(z.string()), mimeType: z.string() })) })
    })
    .parse(JSON.parse(read('package.json')))
  expect(build.fileAssociations.flatMap(({ ext }) => ext).sort()).toEqual(extensions)
  const types = read('resources', 'desktop', 'wedgeview-mime.xml')
  expect([...types.matchAll(/glob pattern="\*\.(\w+)"/g)].map(([, ext]) => ext).sort()).toEqual(
    // A .map is known by what is in it.
    extensions.filter((ext) => ext !== 'map')
  )
  expect(types).toContain('offset="208" value="MAP "')
  const named = [...types.matchAll(/mime-type type="([^"]+)"/g)].map(([, type]) => type).sort()
  expect(build.fileAssociations.map(({ mimeType }) => mimeType).sort()).toEqual(named)
  const entry = /^MimeType=(.+);$/m.exec(read('resources', 'desktop', 'wedgeview.desktop'))
  expect(entry?.[1].split(';').sort()).toEqual(named)
})

/** What packagers hand to Windows (a ProgID by the name, an extension each) and to macOS (CFBundleDocumentTypes of Info.plist). */
const associationSchema = z.strictObject({
  // Without the dot: CFBundleTypeExtensions and the registry's keys add it themselves.
  ext: z.array(z.string().regex(/^[a-z0-9]+$/)).min(1),
  // Of a ProgID: at most 39 characters, none that the registry takes for a path.
  name: z.string().regex(/^[A-Za-z][\w ]{0,38}$/),
  mimeType: z.string().regex(/^application\/x-[a-z-]+$/),
  // CFBundleTypeRole.
  role: z.enum(['Editor', 'Viewer', 'Shell', 'None'])
})

test('Windows and macOS are told what they can read', () => {
  const { build } = z
    .object({ build: z.object({ fileAssociations: z.array(associationSchema) }) })
    .parse(JSON.parse(read('package.json')))
  const each = build.fileAssociations.flatMap(({ ext }) => ext)
  expect(new Set(each).size).toBe(each.length)
  // Each opens with what the program's own dialog offers.
  for (const ext of each) expect([...tomogramExtensions, sessionExtension]).toContain(ext)
  const editors = build.fileAssociations.filter(({ role }) => role === 'Editor')
  expect(editors.map(({ ext }) => ext)).toEqual([[sessionExtension]])
})

/** The output of a program; null where it is not installed. */
function outputOf(program: string, ...args: string[]): { status: number | null; text: string } | null {
  const { error, status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  return error ? null : { status, text: stdout + stderr }
}

test('the desktop entry and the MIME types are what a Linux desktop reads', () => {
  const entry = read('resources', 'desktop', 'wedgeview.desktop')
  const lines = entry.trim().split('\n')
  expect(lines[0]).toBe('[Desktop Entry]')
  const keys = new Map(
    lines.slice(1).map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])
  )
  expect(keys.size).toBe(lines.length - 1)
  expect([keys.get('Type'), keys.get('Terminal')]).toEqual(['Application', 'false'])
  for (const key of ['Name', 'Exec', 'Icon']) expect(keys.get(key)).toMatch(/\S/)
  for (const key of ['Categories', 'MimeType']) expect(keys.get(key)).toMatch(/^([^;\s]+;)+$/)
  // All files at once: one program, not one a file.
  expect(keys.get('Exec')).toMatch(/ %F$/)
  const checked = outputOf('desktop-file-validate', join(projectRoot, 'resources', 'desktop', 'wedgeview.desktop'))
  if (checked) expect(checked).toEqual({ status: 0, text: '' })

  const data = mkdtempSync(join(tmpdir(), 'wedgeview-types-'))
  folders.push(data)
  const missing = install(data)
  if (missing.includes('update-mime-database')) return
  const globs = readFileSync(join(data, 'mime', 'globs2'), 'utf8')
  expect(globs).toMatch(/^50:application\/x-wedgeview-session:\*\.wedgeview$/m)
  for (const ext of ['mrc', 'mrcs']) expect(globs).toContain(`50:application/x-mrc-volume:*.${ext}\n`)
  for (const ext of ['rec', 'st', 'ali']) expect(globs).toContain(`40:application/x-mrc-volume:*.${ext}\n`)
  // Priority 60, four letters at byte 208.
  const magic = readFileSync(join(data, 'mime', 'magic'))
  expect(magic.toString('latin1')).toContain('[60:application/x-mrc-volume]\n>208=\0\x04MAP \n')
})

test('installed for a person, the entry starts this copy of the program; removed, nothing is left', () => {
  const data = mkdtempSync(join(tmpdir(), 'wedgeview-types-'))
  folders.push(data)
  install(data)
  const entry = readFileSync(join(data, 'applications', 'wedgeview.desktop'), 'utf8')
  expect(entry).toContain(`Exec="${process.execPath}" "${join(projectRoot, 'bin', 'wedgeview.mjs')}" %F\n`)
  expect(existsSync(join(data, 'mime', 'packages', 'wedgeview.xml'))).toBe(true)
  remove(data)
  expect(existsSync(join(data, 'applications', 'wedgeview.desktop'))).toBe(false)
  expect(readdirSync(join(data, 'mime', 'packages'))).toEqual([])
})
