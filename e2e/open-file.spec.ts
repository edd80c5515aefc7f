import { writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from './fixtures.ts'
import { sampleTomogram } from './samples.ts'

test('files are opened that somebody chose, and no others', async ({ page, dataDir, openFile }) => {
  await test.step('a tomogram opened by the dialog is listed and drawn', async () => {
    await openFile(sampleTomogram)
    await expect(page.getByText(basename(sampleTomogram)).first()).toBeVisible()
    await expect(page.locator('canvas').first()).toBeVisible()
  })

  await test.step('a path that nobody chose is refused', async () => {
    await writeFile(join(dataDir, '..', `${basename(dataDir)}.mrc`), 'somebody else’s')
    const answers = await page.evaluate(
      async (paths) =>
        Promise.all(
          paths.map(async (path) => {
            const response = await fetch('/api/volumes', {
              method: 'POST',
              headers: { 'Content-Type': 'application/json' },
              body: JSON.stringify({ path })
            })
            const failure: unknown = await response.json()
            return [response.status, failure && typeof failure === 'object' && Reflect.get(failure, 'code')]
          })
        ),
      [`${dataDir}.mrc`, '/etc/hostname', '/no/such/file.mrc']
    )
    expect(answers).toEqual(Array.from({ length: 3 }, () => [403, 'path-not-allowed']))
  })
})

test.describe('with a file on the command line', () => {
  test.use({ files: [sampleTomogram] })

  test('it is open from the start', async ({ page, consoleErrors }) => {
    await expect(page.getByText(basename(sampleTomogram)).first()).toBeVisible()
    await expect(page.locator('canvas').first()).toBeVisible()
    expect(consoleErrors).toEqual([])
  })
})
