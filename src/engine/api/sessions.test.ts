import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { emptyState } from '../../shared/session/empty-state.ts'
import { autosaveOfferSchema, openedSessionSchema, recentFileSchema } from '../../shared/session/api.ts'
import type { SessionFile } from '../../shared/session/session-file.ts'
import { openVolumeSchema } from '../../shared/volumes.ts'
import { inFolder, plainHeader, positions } from '../volume/test-volumes.ts'
import { writeVolume } from '../volume/write-volume.ts'
import type { ApiOptions, PathPolicy } from './options.ts'
import { isInside } from './path-access.ts'
import { testApi, type TestApi } from './test-api.ts'

const size = { x: 5, y: 7, z: 3 }

function sessionOf(paths: readonly string[]): SessionFile {
  return {
    format: 'wedgeview-session',
    version: 2,
    program: '1.2.3',
    savedAt: '2026-11-20T12:00:00.000Z',
    files: paths.map((path, i) => ({ key: `f${i + 1}`, path, lastSeen: null, identity: null, truncated: 'refuse' })),
    runs: [],
    volumes: [],
    bundle: null,
    state: emptyState
  }
}

const offersSchema = z.array(autosaveOfferSchema)
const recentSchema = z.array(recentFileSchema)

async function withApi(
  action: (api: TestApi, folder: string) => Promise<void>,
  options: (folder: string) => Partial<ApiOptions> = () => ({})
): Promise<void> {
  await inFolder(async (folder) => {
    const made = await testApi(folder, { stateFolder: join(folder, 'state'), ...options(folder) })
    try {
      await action(made, folder)
    } finally {
      await made.api.close()
    }
  })
}

const tomogram = (path: string): Promise<unknown> => writeVolume(path, positions(size), size, plainHeader, [])
const openAt = ({ json }: TestApi, path: string, located: Record<string, string> = {}) =>
  json(openedSessionSchema, 'POST', '/api/sessions/open', { source: { path }, located })

/** The desktop's: what was granted, and nothing else. */
function grants(...first: string[]): PathPolicy & { granted: string[] } {
  const granted = [...first]
  return {
    granted,
    grant: (path) => void granted.push(path),
    mayRead: (path) => granted.some((one) => isInside(one, path))
  }
}

test('a folder that is moved with its session keeps it working; paths in the file are relative', () =>
  withApi(async (api, folder) => {
    await mkdir(join(folder, 'a', 'raw'), { recursive: true })
    const paths = [join(folder, 'a', 'one.mrc'), join(folder, 'a', 'raw', 'two.mrc')]
    for (const path of paths) await tomogram(path)
    const session = join(folder, 'a', 'both.wedgeview')
    expect((await api.call('POST', '/api/sessions/save', { path: session, session: sessionOf(paths) })).status).toBe(
      200
    )
    const written: unknown = JSON.parse(await readFile(session, 'utf8'))
    expect(written).toMatchObject({ files: [{ path: 'one.mrc', lastSeen: paths[0] }, { path: 'raw/two.mrc' }] })
    await rename(join(folder, 'a'), join(folder, 'b'))
    const opened = await openAt(api, join(folder, 'b', 'both.wedgeview'))
    expect(opened.states).toEqual({ f1: 'there', f2: 'there' })
    expect(opened.session.files.map(({ path }) => path)).toEqual([
      join(folder, 'b', 'one.mrc'),
      join(folder, 'b', 'raw', 'two.mrc')
    ])
  }))

test('a session that moved alone finds its files where they lay; another file of the same name is told', () =>
  withApi(async (api, folder) => {
    await mkdir(join(folder, 'elsewhere'))
    const path = join(folder, 'one.mrc')
    await tomogram(path)
    const session = join(folder, 's.wedgeview')
    await api.call('POST', '/api/sessions/save', { path: session, session: sessionOf([path]) })
    const moved = join(folder, 'elsewhere', 's.wedgeview')
    await rename(session, moved)
    expect(await openAt(api, moved)).toMatchObject({ states: { f1: 'there' }, session: { files: [{ path }] } })
    // One of its name lies beside the session now: the very file is preferred.
    await writeFile(join(folder, 'elsewhere', 'one.mrc'), 'another')
    expect(await openAt(api, moved)).toMatchObject({ states: { f1: 'there' }, session: { files: [{ path }] } })
    await rm(path)
    const other = join(folder, 'elsewhere', 'one.mrc')
    expect(await openAt(api, moved)).toMatchObject({ states: { f1: 'changed' }, session: { files: [{ path: other }] } })
    await rm(other)
    expect(await openAt(api, moved)).toMatchObject({ states: { f1: 'missing' } })
  }))

test('where one file is found, the others are looked for beside it', () =>
  withApi(async (api, folder) => {
    await mkdir(join(folder, 'old', 'raw'), { recursive: true })
    await mkdir(join(folder, 'new'))
    const paths = ['a.mrc', 'raw/b.mrc', 'c.mrc'].map((name) => join(folder, 'old', name))
    for (const path of paths) await tomogram(path)
    const session = join(folder, 's.wedgeview')
    await api.call('POST', '/api/sessions/save', { path: session, session: sessionOf(paths) })
    await rename(join(folder, 'old'), join(folder, 'new', 'tomograms'))
    const there = (name: string): string => join(folder, 'new', 'tomograms', name)
    await rm(there('c.mrc'))
    expect((await openAt(api, session)).states).toEqual({ f1: 'missing', f2: 'missing', f3: 'missing' })
    const opened = await openAt(api, session, { f1: there('a.mrc') })
    expect(opened.states).toEqual({ f1: 'there', f2: 'there', f3: 'missing' })
    expect(opened.session.files.slice(0, 2).map(({ path }) => path)).toEqual([there('a.mrc'), there('raw/b.mrc')])
    // What is still missing may be saved again; anything else that may not be read may not be named.
    const again = await api.call('POST', '/api/sessions/save', { path: session, session: opened.session, force: true })
    expect(again.status).toBe(200)
  }))

test('a session grants the files it names once it was chosen, and no folder', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'one.mrc')
    await tomogram(path)
    await mkdir(join(folder, 'secrets'))
    await writeFile(join(folder, 'secrets', 'key'), 'x')
    const session = join(folder, 's.wedgeview')
    await writeFile(session, JSON.stringify(sessionOf([path, join(folder, 'secrets'), '../../../etc'])))
    const paths = grants()
    const api = await testApi(folder, { mount: 'desktop', root: null, paths })
    try {
      expect(await api.refusal('POST', '/api/sessions/open', { source: { path: session } })).toMatchObject({
        code: 'path-not-allowed',
        status: 403
      })
      expect((await api.refusal('POST', '/api/volumes', { path })).code).toBe('path-not-allowed')
      paths.grant(session)
      expect((await openAt(api, session)).states).toEqual({ f1: 'there', f2: 'missing', f3: 'missing' })
      expect(paths.granted).toEqual([session, path])
      await api.json(openVolumeSchema, 'POST', '/api/volumes', { path })
      expect((await api.refusal('POST', '/api/volumes', { path: join(folder, 'secrets', 'key') })).code).toBe(
        'path-not-allowed'
      )
    } finally {
      await api.api.close()
    }
  }))

test('the window can’t grant itself a path by writing it into a session or an autosave', () =>
  inFolder(async (folder) => {
    const hidden = join(folder, 'hidden.mrc')
    await tomogram(hidden)
    const path = join(folder, 's.wedgeview')
    const options = { mount: 'desktop', root: null, paths: grants(path), stateFolder: join(folder, 'state') } as const
    const api = await testApi(folder, options)
    try {
      const session = sessionOf([hidden])
      expect((await api.refusal('POST', '/api/sessions/save', { path, session })).code).toBe('path-not-allowed')
      const kept = { session, path: null, unsaved: true }
      expect((await api.refusal('PUT', '/api/sessions/autosave', kept)).code).toBe('path-not-allowed')
      expect(await api.json(offersSchema, 'GET', '/api/sessions/autosaves')).toEqual([])
    } finally {
      await api.api.close()
    }
  }))

test('in a browser a session reaches nothing outside of the served folder', () =>
  inFolder(async (folder) => {
    const root = join(folder, 'root')
    await mkdir(root)
    const outside = join(folder, 'outside.mrc')
    await tomogram(outside)
    await writeFile(join(root, 's.wedgeview'), JSON.stringify(sessionOf(['../outside.mrc'])))
    const api = await testApi(root)
    try {
      expect((await openAt(api, join(root, 's.wedgeview'))).states).toEqual({ f1: 'forbidden' })
      expect((await api.refusal('POST', '/api/volumes', { path: outside })).code).toBe('path-not-allowed')
      const session = sessionOf([])
      const away = { path: join(folder, 't.wedgeview'), session }
      expect((await api.refusal('POST', '/api/sessions/save', away)).code).toBe('path-not-allowed')
    } finally {
      await api.api.close()
    }
  }))

test('a name that can’t be a session’s is refused, an existing session is replaced only when asked', () =>
  withApi(async (api, folder) => {
    const path = join(folder, 'one.mrc')
    await tomogram(path)
    const session = sessionOf([path])
    const refused = async (name: string): Promise<string> =>
      (await api.refusal('POST', '/api/sessions/save', { path: join(folder, name), session })).code
    expect(await refused('one.mrc')).toBe('session-name')
    // Where the tomogram's runs go, whether there are any or not.
    expect(await refused('one.wedgeview')).toBe('session-taken')
    await mkdir(join(folder, 'other.wedgeview'))
    expect(await refused('other.wedgeview')).toBe('session-taken')
    await writeFile(join(folder, 's.wedgeview'), 'old')
    expect(await refused('s.wedgeview')).toBe('session-exists')
    const forced = { path: join(folder, 's.wedgeview'), session, force: true }
    expect((await api.call('POST', '/api/sessions/save', forced)).status).toBe(200)
    expect(await refused('nowhere/s.wedgeview')).toBe('session-not-written')
    const opening = { source: { path: join(folder, 'other.wedgeview') } }
    expect((await api.refusal('POST', '/api/sessions/open', opening)).code).toBe('session-is-folder')
    await writeFile(join(folder, 'huge.wedgeview'), Buffer.alloc((4 << 20) + 1))
    const huge = { source: { path: join(folder, 'huge.wedgeview') } }
    expect((await api.refusal('POST', '/api/sessions/open', huge)).code).toBe('session-too-large')
  }))

test('what is open is offered to the next program: after a crash, and after an end without a session file', () =>
  inFolder(async (folder) => {
    const path = join(folder, 'one.mrc')
    await tomogram(path)
    const options = { stateFolder: join(folder, 'state'), mount: 'desktop', root: null, paths: grants(folder) } as const
    const keep = { session: sessionOf([path]), path: null, unsaved: true }
    const first = await testApi(folder, options)
    await first.call('PUT', '/api/sessions/autosave', keep)
    expect(await first.json(offersSchema, 'GET', '/api/sessions/autosaves')).toMatchObject([{ state: 'own' }])
    // A second program beside it, as after a crash: the first never says that it ended.
    const second = await testApi(folder, options)
    const [offer] = await second.json(offersSchema, 'GET', '/api/sessions/autosaves')
    expect(offer).toMatchObject({ state: 'crashed', name: null, tomograms: ['one.mrc'] })
    const opened = await second.json(openedSessionSchema, 'POST', '/api/sessions/open', {
      source: { autosave: offer.id }
    })
    expect(opened).toMatchObject({ path: null, unsaved: true, states: { f1: 'there' } })
    expect((await second.call('DELETE', `/api/sessions/autosaves/${offer.id}`)).status).toBe(204)
    expect((await second.refusal('POST', '/api/sessions/open', { source: { autosave: offer.id } })).code).toBe(
      'autosave-gone'
    )
    await second.call('PUT', '/api/sessions/autosave', keep)
    await second.api.close()
    const third = await testApi(folder, options)
    expect(await third.json(offersSchema, 'GET', '/api/sessions/autosaves')).toMatchObject([{ state: 'left' }])
    // Saved in its file: nothing is left to offer, also of what the program before left.
    const session = join(folder, 's.wedgeview')
    await third.call('PUT', '/api/sessions/autosave', { ...keep, path: session, unsaved: false })
    await third.api.close()
    const fourth = await testApi(folder, options)
    expect((await fourth.json(offersSchema, 'GET', '/api/sessions/autosaves')).map(({ state }) => state)).toEqual([
      'left'
    ])
    await fourth.call('PUT', '/api/sessions/autosave', { ...keep, path: session, unsaved: true })
    await fourth.api.close()
    const fifth = await testApi(folder, options)
    expect(await fifth.json(offersSchema, 'GET', '/api/sessions/autosaves')).toMatchObject([
      { state: 'left', name: 's.wedgeview' }
    ])
    await fifth.api.close()
    await first.api.close()
  }))

test('what a program that still runs keeps is not offered to another beside it (serve)', () =>
  withApi(async (api, folder) => {
    const path = join(folder, 'one.mrc')
    await tomogram(path)
    await api.call('PUT', '/api/sessions/autosave', { session: sessionOf([path]), path: null, unsaved: true })
    const beside = await testApi(folder, { stateFolder: join(folder, 'state') })
    expect(await beside.json(offersSchema, 'GET', '/api/sessions/autosaves')).toEqual([])
    await beside.api.close()
    // One whose process is gone is, and one of another machine that shares the folder is not.
    const [name] = await readdir(join(folder, 'state', 'autosave'))
    const text = await readFile(join(folder, 'state', 'autosave', name), 'utf8')
    const gone = String(spawnSync(process.execPath, ['-e', '']).pid)
    const put = (file: string, kept: string): Promise<void> =>
      writeFile(join(folder, 'state', 'autosave', `${file}.json`), kept)
    await put('gone', text.replace(`"pid":${process.pid}`, `"pid":${gone}`))
    await put('away', text.replace(/"host":"[^"]*"/, '"host":"another"'))
    const third = await testApi(folder, { stateFolder: join(folder, 'state') })
    expect(await third.json(offersSchema, 'GET', '/api/sessions/autosaves')).toMatchObject([
      { id: 'gone', state: 'crashed' }
    ])
    await third.call('DELETE', '/api/sessions/autosaves/gone')
    await third.api.close()
    await writeFile(join(folder, 'state', 'autosave', 'torn.json'), '{"format":"wedgeview-auto')
    expect(await api.json(offersSchema, 'GET', '/api/sessions/autosaves')).toHaveLength(1)
  }))

test('two windows of one program keep apart what they show; what a closed or a crashed one had is offered to the others', () =>
  inFolder(async (folder) => {
    const paths = ['one.mrc', 'two.mrc'].map((name) => join(folder, name))
    for (const path of paths) await tomogram(path)
    const options = { stateFolder: join(folder, 'state') }
    const program = await testApi(folder, options)
    const listening = async (window: string): Promise<() => Promise<void>> => {
      const { body } = await program.call('GET', `/api/events?window=${window}`)
      return async () => body?.cancel()
    }
    const keep = (window: string, path: string, more: object = {}): Promise<Response> =>
      program.call('PUT', `/api/sessions/autosave?window=${window}`, {
        session: sessionOf([path]),
        path: null,
        unsaved: true,
        ...more
      })
    const offered = async (window: string): Promise<[string, string][]> =>
      (await program.json(offersSchema, 'GET', `/api/sessions/autosaves?window=${window}`)).map(
        ({ state, tomograms }) => [state, tomograms[0]]
      )
    const [endA, endB] = [await listening('a'), await listening('b')]
    await keep('a', paths[0])
    await keep('b', paths[1])
    expect(await readdir(join(folder, 'state', 'autosave'))).toHaveLength(2)
    expect(await offered('a')).toEqual([['own', 'one.mrc']])
    expect(await offered('b')).toEqual([['own', 'two.mrc']])
    expect(await offered('c')).toEqual([])
    await endB()
    expect(await offered('c')).toEqual([['crashed', 'two.mrc']])
    expect((await program.call('POST', '/api/sessions/autosave/leave?window=b')).status).toBe(204)
    expect(await offered('c')).toEqual([['closed', 'two.mrc']])
    // Its file has all of it: nothing would be lost.
    await keep('b', paths[1], { path: join(folder, 's.wedgeview'), unsaved: false, leaving: true })
    expect(await offered('c')).toEqual([])
    await keep('b', paths[1], { leaving: true })
    // Only the window's own is dropped with its last tomogram.
    await program.call('DELETE', '/api/sessions/autosave?window=c')
    expect((await program.refusal('PUT', '/api/sessions/autosave?window=../x', {})).code).toBeTruthy()
    await endA()
    await program.api.close()
    // What a page sends while the program ends comes too late.
    await keep('a', paths[1])
    const next = await testApi(folder, options)
    const left = await next.json(offersSchema, 'GET', '/api/sessions/autosaves?window=a')
    expect(left.map(({ state, tomograms }) => [state, tomograms[0]]).sort()).toEqual([
      ['left', 'one.mrc'],
      ['left', 'two.mrc']
    ])
    await next.api.close()
  }))

test('recent files: the last first, one that is gone says so and goes, others may not be opened this way', () =>
  inFolder(async (folder) => {
    const [one, two] = ['one.mrc', 'two.wedgeview'].map((name) => join(folder, name))
    await tomogram(one)
    await writeFile(two, JSON.stringify(sessionOf([])))
    const stateFolder = join(folder, 'state')
    const first = await testApi(folder, { stateFolder, mount: 'desktop', root: null, paths: grants(one, two) })
    for (const path of [one, two, one]) await first.call('POST', '/api/recent', { path })
    const listed = await first.json(recentSchema, 'GET', '/api/recent')
    expect(listed.map(({ name, kind }) => [name, kind])).toEqual([
      ['one.mrc', 'tomogram'],
      ['two.wedgeview', 'session']
    ])
    expect((await first.refusal('POST', '/api/recent', { path: join(folder, 'x.mrc') })).code).toBe('path-not-allowed')
    await first.api.close()
    const paths = grants()
    let cleared = 0
    const onRecentCleared = (): void => void cleared++
    const second = await testApi(folder, { stateFolder, mount: 'desktop', root: null, paths, onRecentCleared })
    const open = (path: string): Promise<Response> => second.call('POST', '/api/recent/open', { path })
    expect((await open(one)).status).toBe(204)
    expect(paths.granted).toEqual([one])
    expect((await second.refusal('POST', '/api/recent/open', { path: '/etc/passwd' })).code).toBe('recent-unknown')
    await rm(two)
    expect((await second.refusal('POST', '/api/recent/open', { path: two })).code).toBe('recent-gone')
    expect((await second.json(recentSchema, 'GET', '/api/recent')).map(({ path }) => path)).toEqual([one])
    await second.call('DELETE', '/api/recent')
    expect(await second.json(recentSchema, 'GET', '/api/recent')).toEqual([])
    expect(cleared).toBe(1)
    await second.api.close()
  }))
