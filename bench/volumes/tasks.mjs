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

/** blocking: slices are read in this thread, as mrcfile reads them in its; the memory of the slice before is used again, as numpy does. */
const blocking = { blocking: true }
for (const path of job.paths) {
  for (let i = 0; i < job.opens; i++) {
    await timed(`open ${basename(path)}`, async () => {
      const file = await openMrc(path, blocking)
      await file.readSlice('xy', 0)
      await file.close()
    })
  }
}
for (const [dtype, path] of [
  ['', job.main],
  ['float32 ', job.floats]
]) {
  const [here, pooled] = [await openMrc(path, blocking), await openMrc(path)]
  const { x, y, z } = here.size
  const voxels = { xy: x * y, xz: x * z, yz: y * z }
  for (const plane of ['xy', 'xz', 'yz']) {
    const into = new Float32Array(voxels[plane])
    for (const i of job[plane]) await timed(dtype + plane, () => here.readSlice(plane, i, { into }))
    for (const i of job[plane]) await timed(`${dtype}${plane} pooled`, () => pooled.readSlice(plane, i))
  }
  await Promise.all([here.close(), pooled.close()])
}
const file = await openMrc(job.main)
await timed('statistics', () => file.statistics())
await timed('convert', async () => {
  const writer = await createMrc(job.out, { size: file.size, mode: 2, voxelSizeAngstrom: file.voxelSizeAngstrom })
  for (let z = 0; z < file.size.z; z++) await writer.writeSection(await file.readSlice('xy', z))
  await writer.finish()
})
rmSync(job.out)
await file.close()
process.stdout.write(JSON.stringify(times))
