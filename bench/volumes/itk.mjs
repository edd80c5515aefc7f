// The same with itk-wasm, which reads whole files only: one task. A JSON job on stdin; prints seconds.
import { text } from 'node:stream/consumers'
import { mrcReadImageNode } from '@itk-wasm/image-io'

const job = JSON.parse(await text(process.stdin))
const times = { whole: [] }
for (let i = 0; i < 2; i++) {
  const start = performance.now()
  await mrcReadImageNode(job.main)
  times.whole.push((performance.now() - start) / 1000)
}
process.stdout.write(JSON.stringify(times))
