import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
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
