import { Command, CommanderError } from 'commander'
import { exitCodes, toFailure } from '../shared/errors.ts'
import * as bundle from './commands/bundle.ts'
import * as convert from './commands/convert.ts'
import * as doctor from './commands/doctor.ts'
import * as evaluate from './commands/evaluate.ts'
import * as figure from './commands/figure.ts'
import * as info from './commands/info.ts'
import * as reconstruct from './commands/reconstruct.ts'
import * as serve from './commands/serve.ts'
import * as simulate from './commands/simulate.ts'
import * as wedge from './commands/wedge.ts'
import * as window from './commands/window.ts'
import { writeJson } from './io.ts'
import type { CliIo } from './io.ts'
import { programVersion } from './program-folders.ts'

/** Adds one command to the program. One file a command. */
export type Register = (program: Command, io: CliIo) => void

const commands: readonly { register: Register }[] = [
  window,
  info,
  convert,
  wedge,
  bundle,
  reconstruct,
  evaluate,
  simulate,
  figure,
  serve,
  doctor
]

export function createProgram(io: CliIo): Command {
  const program = new Command('wedgeview')
    .description('Cryo-electron tomogram viewer that shows how much of a reconstruction the data pin down.')
    .version(programVersion())
    .exitOverride()
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .showHelpAfterError('Run `wedgeview --help` for the list of commands.')
    .addHelpText('after', exitCodeHelp)
  // Commands made by program.command() inherit the settings above.
  for (const { register } of commands) register(program, io)
  return program
}

/**
 * Runs one command line and returns its exit code: 0 done, 2 wrong usage, 3 the input is not acceptable, 4 the job
 * failed, 130 cancelled. Never throws and never ends the process.
 *
 * @param argv arguments without the program's own name
 */
export async function run(argv: readonly string[], io: CliIo): Promise<number> {
  try {
    await createProgram(io).parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    // Commander has printed its own message already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage
    const failure = toFailure(error)
    // Whoever pressed Ctrl-C knows why it ended.
    io.stderr(io.interrupted.aborted ? 'Stopped.\n' : `${failure.message}\n${failure.hint}\n`)
    if (argv.includes('--json')) writeJson(io, { error: failure })
    return exitCodes[failure.kind]
  }
}

const exitCodeHelp = `
Exit codes: 0 done; 2 wrong usage; 3 the input is not acceptable; 4 the job failed; 130 cancelled (Ctrl-C).
Ranges are x0:x1,y0:y1,z0:z1 in voxels, half-open. Angles are in degrees.`
