import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../../engine/api/index.ts'
import type { Api } from '../../engine/api/options.ts'
import { folderPolicy } from '../../engine/api/path-access.ts'
import { inFolder, plainHeader, positions } from '../../engine/volume/test-volumes.ts'
import { writeVolume } from '../../engine/volume/write-volume.ts'
import { startServer } from './server.ts'
import type { Server } from './server.ts'

const size = { x: 5, y: 7, z: 3 }
let api: Api
let server: Server
let root = ''
let endFolder: () => void = () => undefined
let folderGone: Promise<void>

beforeAll(async () => {
  await new Promise<void>((ready) => {
    folderGone = inFolder(async (folder) => {
      await prepare(folder)
      ready()
      await new Promise<void>((end) => (endFolder = end))
    })
  })
})

async function prepare(folder: string): Promise<void> {
  root = join(folder, 'root')
  const renderer = join(folder, 'renderer')
  await mkdir(root)
  await mkdir(renderer)
  await writeFile(join(renderer, 'index.html'), '<title>Wedgeview</title>')
  await writeVolume(join(root, 'a.mrc'), positions(size), size, plainHeader, [])
  await writeVolume(join(folder, 'outside.mrc'), positions(size), size, plainHeader, [])
  await symlink(join(folder, 'outside.mrc'), join(root, 'escape.mrc'))
  await symlink(folder, join(root, 'up'))
  api = createApi({
    mount: 'browser',
    version: '0.0.0',
    paths: await folderPolicy([root]),
    spawnRunner: () => {
      throw new Error('no networks in this test')
    },
    resources: join(folder, 'resources'),
    runsFallback: join(folder, 'runs'),
    initialFiles: [],
    root
  })
  server = await startServer({ api, renderer, host: '127.0.0.1', port: 0 })
}

afterAll(async () => {
  await server.close()
  await api.close()
  endFolder()
  await folderGone
})

interface Answer {
  status: number
  headers: NodeJS.Dict<string | string[]>
  body: string
}

/** Not fetch, which would not let a test say which Host it means. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET', body = ''): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ port: server.port, path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')))
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const withToken = (): Record<string, string> => ({ Cookie: `wedgeview_${server.port}=${server.token}` })

describe('access', () => {
  test('without the token nothing is served', async () => {
    for (const path of ['/', '/api/session', '/api/files', '/?token=', '/?token=wrong']) {
      const answer = await ask(path)
      expect(answer.status, path).toBe(403)
      expect(answer.headers['set-cookie']).toBeUndefined()
      expect(answer.body).not.toContain(server.token)
    }
    const wrong = `wedgeview_${server.port}=${server.token.slice(0, -1)}x`
    expect((await ask('/api/session', { Cookie: wrong })).status).toBe(403)
  })

  test('the printed address opens the page and sets a cookie that opens the rest', async () => {
    const { pathname, search } = new URL(server.url)
    const page = await ask(pathname + search)
    expect(page.status).toBe(200)
    expect(page.body).toContain('<title>Wedgeview</title>')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    const [cookie = ''] = page.headers['set-cookie'] ?? []
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    const session = await ask('/api/session', { Cookie: cookie.split(';', 1)[0] ?? '' })
    expect(session.status).toBe(200)
    expect(JSON.parse(session.body)).toMatchObject({ mount: 'browser', root })
    expect(session.headers['set-cookie']).toBeUndefined()
  })

  test('a foreign name that was pointed at this machine is refused, with or without the token', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${server.port}`,
      'localhost.evil.example',
      '127.0.0.1.evil.example'
    ]) {
      expect((await ask('/api/session', { ...withToken(), Host: host })).status, host).toBe(403)
    }
    for (const host of ['localhost:9000', `127.0.0.1:${server.port}`, '[::1]:8080']) {
      expect((await ask('/api/session', { ...withToken(), Host: host })).status, host).toBe(200)
    }
  })

  test('a page of another site, or of another port here, can’t make the server act', async () => {
    const headers = { ...withToken(), Host: `127.0.0.1:${server.port}`, 'Content-Type': 'application/json' }
    const body = JSON.stringify({ path: join(root, 'a.mrc') })
    for (const origin of ['https://evil.example', `http://127.0.0.1:${server.port + 1}`, 'null']) {
      const answer = await ask('/api/volumes', { ...headers, Origin: origin }, 'POST', body)
      expect(answer.status, origin).toBe(403)
    }
    const own = await ask('/api/volumes', { ...headers, Origin: `http://127.0.0.1:${server.port}` }, 'POST', body)
    expect(own.status).toBe(200)
  })

  test('only reading is allowed outside the interface', async () => {
    expect((await ask('/', withToken(), 'POST')).status).toBe(405)
    expect((await ask('/../outside.mrc', withToken())).status).toBe(404)
    expect((await ask('/%2e%2e/outside.mrc', withToken())).status).toBe(404)
  })
})

describe('files below the root only', () => {
  const open = async (path: string): Promise<Answer> =>
    ask('/api/volumes', { ...withToken(), 'Content-Type': 'application/json' }, 'POST', JSON.stringify({ path }))

  test('a file below the root opens', async () => {
    expect((await open(join(root, 'a.mrc'))).status).toBe(200)
  })

  test('nothing else does, whichever way it is named', async () => {
    const outside = [
      join(root, '..', 'outside.mrc'),
      `${root}/../outside.mrc`,
      `${root}/./../outside.mrc`,
      join(root, 'escape.mrc'),
      join(root, 'up', 'outside.mrc'),
      join(root, 'up', 'root', '..', 'outside.mrc'),
      `${root}-beside/a.mrc`,
      '/etc/passwd',
      '/does/not/exist'
    ]
    for (const path of outside) {
      const answer = await open(path)
      expect(answer.status, path).toBe(403)
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'path-not-allowed' })
    }
    expect((await open('a.mrc')).status).toBe(400)
    expect((await open('')).status).toBe(400)
    expect((await open(join(root, 'missing.mrc'))).status).toBe(422)
  })

  test('the listing shows what may be opened and nothing of what may not', async () => {
    const answer = await ask('/api/files', withToken())
    expect(answer.status).toBe(200)
    const listing = JSON.parse(answer.body) as { parent: string | null; entries: { name: string; kind: string }[] }
    expect(listing.parent).toBeNull()
    expect(listing.entries).toEqual([expect.objectContaining({ name: 'a.mrc', kind: 'tomogram' })])
    expect((await ask(`/api/files?path=${encodeURIComponent(join(root, '..'))}`, withToken())).status).toBe(403)
    expect((await ask(`/api/files?path=${encodeURIComponent(join(root, 'up'))}`, withToken())).status).toBe(403)
    expect((await ask(`/api/files?path=${encodeURIComponent(join(root, 'a.mrc'))}`, withToken())).status).toBe(422)
  })
})

test('a taken port is said to be taken', async () => {
  const second = startServer({ api, renderer: root, host: '127.0.0.1', port: server.port })
  await expect(second).rejects.toMatchObject({ kind: 'usage', code: 'port-taken' })
})

test('slices arrive over http bit by bit as they are', async () => {
  const opened = await ask(
    '/api/volumes',
    { ...withToken(), 'Content-Type': 'application/json' },
    'POST',
    JSON.stringify({ path: join(root, 'a.mrc') })
  )
  const { id } = JSON.parse(opened.body) as { id: string }
  const slice = await ask(`/api/volumes/${id}/slice?plane=xz&index=6`, withToken())
  const bytes = Buffer.from(slice.body, 'latin1')
  const values = new Float32Array(new Uint8Array(bytes).buffer)
  expect(slice.headers['x-rows']).toBe('3')
  expect(slice.headers['x-columns']).toBe('5')
  expect([...values.subarray(5, 10)]).toEqual([10600, 10601, 10602, 10603, 10604])
})

test('who goes away before the answer aborts the work for it', async () => {
  let arrived: () => void = () => undefined
  let aborted: () => void = () => undefined
  const working = new Promise<void>((resolve) => (arrived = resolve))
  const stopped = new Promise<void>((resolve) => (aborted = resolve))
  const waiting: Api = {
    fetch: ({ signal }) =>
      new Promise((_, reject) => {
        arrived()
        signal.addEventListener('abort', () => {
          aborted()
          reject(signal.reason)
        })
      }),
    close: async () => undefined
  }
  const own = await startServer({ api: waiting, renderer: root, host: '127.0.0.1', port: 0 })
  const controller = new AbortController()
  const url = `http://127.0.0.1:${own.port}/api/volumes/a/slice?token=${own.token}`
  const answer = fetch(url, { signal: controller.signal })
  await working
  controller.abort()
  await expect(answer).rejects.toMatchObject({ name: 'AbortError' })
  await stopped
  await own.close()
})
