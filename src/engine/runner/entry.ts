import { constants, getPriority, setPriority } from 'node:os'
import { parentChannel } from './channel.ts'
import { estimateReconstruction } from './estimate.ts'
import { serveRunner } from './serve.ts'
import { runReconstruction } from './work.ts'

/** The process that runs networks: built as out/main/runner.js, started by an Electron main process or by Node. */
// Pictures come first: a network takes every core there is, and the window has to go on drawing beside it.
const gives = constants.priority.PRIORITY_BELOW_NORMAL
if (getPriority() < gives) setPriority(gives)

serveRunner(parentChannel(), { run: runReconstruction, estimate: estimateReconstruction })
