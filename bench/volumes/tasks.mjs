// The tasks with mrc-js. Usage: node tasks.mjs <folder of the built package>, a JSON job on stdin; prints seconds for each task.
import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { text } from 'node:stream/consumers'

const { createMrc, openMrc } = await import(pathToFileURL(join(process.argv[2], 'index.js')).href)
const job = JSON.parse(await text(process.stdin))
const times = {}

async function timed(task, action) {
  const start = performance.now()
  await action()
  ;(times[task] ??= []).push((performance.now() - start) / 1000)
}

for (const path of job.paths) {
  for (let i = 0; i < job.opens; i++) {
    await timed(`open ${basename(path)}`, async () => {
      const file = await openMrc(path)
      await file.readSlice('xy', 0)
      await file.close()
    })
  }
}
const file = await openMrc(job.main)
for (const plane of ['xy', 'xz', 'yz']) {
  for (const i of job[plane]) await timed(plane, () => file.readSlice(plane, i))
}
await timed('statistics', () => file.statistics())
await timed('convert', async () => {
  const writer = await createMrc(job.out, { size: file.size, mode: 2, voxelSizeAngstrom: file.voxelSizeAngstrom })
  for (let z = 0; z < file.size.z; z++) await writer.writeSection(await file.readSlice('xy', z))
  await writer.finish()
})
rmSync(job.out)
await file.close()
process.stdout.write(JSON.stringify(times))
