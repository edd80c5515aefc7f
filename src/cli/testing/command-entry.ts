import { childProcessRunner } from '../../engine/runner/child-process.ts'
import { processIo } from '../io.ts'
import { run } from '../program.ts'

/** The command line as a process of its own, with a runner that was built for a test: `node this RUNNER ARGUMENTS…`. */
const [runnerEntry, ...args] = process.argv.slice(2)
const io = { ...processIo(), spawnRunner: childProcessRunner(runnerEntry) }
process.exitCode = await run(args, io)
process.exit()
