import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { emptyState } from '../src/shared/session/empty-state.ts'
import { sessionFormat, sessionVersion, type SessionFile } from '../src/shared/session/session-file.ts'
import { desktopCommand, desktopEnvironment, startDesktopProgram } from './desktop-program.ts'
import { expect, test } from './fixtures.ts'
import { changedTitle } from './specs/session-page.ts'
import { writeMarkedVolume, writeSteps } from './specs/volumes.ts'

/** As a session file stands on a disk: one tomogram beside it. */
function sessionOf(path: string): SessionFile {
  return {
    format: sessionFormat,
    version: sessionVersion,
    program: '0.1.0',
    savedAt: '2026-11-20T12:00:00.000Z',
    files: [{ key: 'f1', path, lastSeen: null, identity: null, truncated: 'refuse' }],
    runs: [],
    volumes: [{ key: 'f1', kind: 'tomogram', file: 'f1' }],
    bundle: null,
    state: emptyState
  }
}

test('a double click: files on the command line, of a second start, and of a Mac’s open-file event', async ({
  dataDir
}) => {
  test.setTimeout(240_000)
  const folder = join(dataDir, 'data')
  await mkdir(folder)
  const at = (name: string): string => join(folder, name)
  await writeMarkedVolume(at('in-session.mrc'))
  await writeFile(at('s.wedgeview'), JSON.stringify(sessionOf('in-session.mrc')))
  for (const name of ['named.mrc', 'second.mrc', 'mac.mrc']) await writeSteps(at(name))

  const program = await startDesktopProgram({ dataDir, files: [at('named.mrc'), at('s.wedgeview')] })
  const { page, desktop } = program
  try {
    const listed = (name: string) => page.getByRole('region', { name, exact: true })
    await expect(listed('in-session.mrc')).toBeVisible()
    await expect(listed('named.mrc')).toBeVisible()
    await expect(page).toHaveTitle(changedTitle('s.wedgeview'))

    const { executable, args } = desktopCommand({ dataDir, files: [at('second.mrc')] })
    await promisify(execFile)(executable, args, { env: desktopEnvironment(), timeout: 60_000 })
    await expect(listed('second.mrc')).toBeVisible()

    await desktop?.evaluate(({ app }, path) => {
      app.emit('open-file', { preventDefault: () => undefined }, path)
    }, at('mac.mrc'))
    await expect(listed('mac.mrc')).toBeVisible()
    await expect(listed('in-session.mrc')).toBeVisible()
  } finally {
    await desktop?.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.destroy()).catch(() => undefined)
    await program.close()
  }
})
