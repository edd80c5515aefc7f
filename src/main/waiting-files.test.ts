import { expect, test } from 'vitest'
import { WaitingFiles } from './waiting-files.ts'

test('files wait for the page, arrive once, and wait again while it reloads', () => {
  const files = new WaitingFiles()
  const arrived: string[][] = []
  files.add(['/a.mrc'])
  files.add(['/b.mrc', '/c.mrc'])
  files.listen((paths) => arrived.push(paths))
  expect(arrived).toEqual([['/a.mrc', '/b.mrc', '/c.mrc']])
  files.add(['/d.mrc'])
  files.add([])
  expect(arrived).toEqual([['/a.mrc', '/b.mrc', '/c.mrc'], ['/d.mrc']])
  files.pause()
  files.add(['/e.mrc'])
  expect(arrived).toHaveLength(2)
  files.listen((paths) => arrived.push(paths))
  expect(arrived).toEqual([['/a.mrc', '/b.mrc', '/c.mrc'], ['/d.mrc'], ['/e.mrc']])
})
