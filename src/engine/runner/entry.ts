import { parentChannel } from './channel.ts'
import { estimateReconstruction } from './estimate.ts'
import { serveRunner } from './serve.ts'
import { runReconstruction } from './work.ts'

/** The process that runs networks: built as out/main/runner.js, started by an Electron main process or by Node. */
serveRunner(parentChannel(), { run: runReconstruction, estimate: estimateReconstruction })
