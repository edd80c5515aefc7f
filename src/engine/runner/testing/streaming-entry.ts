import { parentChannel } from '../channel.ts'
import { estimateReconstruction } from '../estimate.ts'
import { serveRunner } from '../serve.ts'
import { runReconstruction } from '../work.ts'
import { streamingTools } from './streaming-tools.ts'

/** The runner process as it treats regions that are too large to be held, whatever their size. For tests. */
serveRunner(parentChannel(), {
  run: (request, stagingPath, hooks) => runReconstruction(request, stagingPath, hooks, streamingTools),
  estimate: (request, signal) => estimateReconstruction(request, signal, streamingTools)
})
