import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { staticFile } from './static-files.ts'

let root = ''
let folder = ''

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'wedgeview-static-'))
  folder = join(root, 'renderer')
  await mkdir(join(folder, 'assets'), { recursive: true })
  await writeFile(join(folder, 'index.html'), '<title>inside</title>')
  await writeFile(join(folder, 'assets', 'index.js'), 'inside()')
  await writeFile(join(root, 'secret.json'), '{}')
})

afterAll(() => rm(root, { recursive: true }))

test('the root is index.html, under a policy without evaluated or inline code', async () => {
  const response = await staticFile(folder, '/')
  expect(await response.text()).toBe('<title>inside</title>')
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const policy = response.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe|\*|http/)
})

test('files below the folder are served with their type', async () => {
  const response = await staticFile(folder, '/assets/index.js')
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
})

test.each([
  '/../secret.json',
  '/%2e%2e/secret.json',
  '/assets/..%2f..%2fsecret.json',
  '/assets',
  '/none.js',
  '/%',
  '/%00'
])('%s is not found', async (pathname) => {
  expect((await staticFile(folder, pathname)).status).toBe(404)
})
