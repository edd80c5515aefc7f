import { expect, test } from 'vitest'
import { filesFromArguments } from './program-arguments.ts'

test('an unpackaged program takes its own folder and what comes before it', () => {
  const argv = ['/opt/electron', '-r', '/opt/loader.js', '--no-sandbox', '/home/a/wedgeview', 'tomo.mrc', '/data/b.rec']
  expect(filesFromArguments(argv, '/home/a/wedgeview', '/home/a')).toEqual(['/home/a/tomo.mrc', '/data/b.rec'])
})

test('a packaged program takes files only', () => {
  expect(filesFromArguments(['/opt/wedgeview', '--no-sandbox', 'tomo.mrc'], null, '/data')).toEqual(['/data/tomo.mrc'])
})

test('no file is no error', () => {
  expect(filesFromArguments(['/opt/wedgeview'], null, '/data')).toEqual([])
  expect(filesFromArguments(['/opt/electron', '.'], '/data', '/data')).toEqual([])
})
