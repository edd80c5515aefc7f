import { parentChannel } from '../channel.ts'
import { estimateReconstruction } from '../estimate.ts'
import { serveRunner } from '../serve.ts'
import { runReconstruction } from '../work.ts'
import { scriptedTools } from './scripted-tools.ts'

/** The runner process with scripted reconstructions, for tests. */
serveRunner(parentChannel(), {
  run: (request, stagingPath, hooks) => runReconstruction(request, stagingPath, hooks, scriptedTools),
  estimate: (request, signal) => estimateReconstruction(request, signal, scriptedTools)
})
