import { processIo } from './io.ts'
import { run } from './program.ts'

process.exitCode = await run(process.argv.slice(2), processIo())
// Timers or sockets of a library must not keep a finished command alive; what was written is flushed first.
await Promise.all([flushed(process.stdout), flushed(process.stderr)])
process.exit()

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => stream.write('', () => resolve()))
}
