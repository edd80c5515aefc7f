import { resolve } from 'node:path'

/**
 * The files among a process's arguments, as absolute paths.
 *
 * @param argv the whole argument vector, the program first
 * @param programFolder an unpackaged program is `electron [switches] folder files…`, and this is its folder; null when packaged
 * @param workingDirectory what relative paths refer to
 */
export function filesFromArguments(
  argv: readonly string[],
  programFolder: string | null,
  workingDirectory: string
): string[] {
  const program = argv.findIndex(
    (argument) => programFolder !== null && resolve(workingDirectory, argument) === programFolder
  )
  return argv
    .slice(Math.max(program, 0) + 1)
    .filter((argument) => argument !== '' && !argument.startsWith('-'))
    .map((file) => resolve(workingDirectory, file))
}
