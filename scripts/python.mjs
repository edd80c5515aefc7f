// Tests compare with independent implementations in Python. Several Pythons may be installed, and only
// the system's sees the system's packages.
import { spawnSync } from 'node:child_process'

/**
 * A Python 3 that can import all the modules, or null.
 *
 * @param {readonly string[]} modules
 * @returns {string | null}
 */
export function findPython(modules) {
  const program = modules.map((module) => `import ${module}`).join('\n')
  return (
    ['python3', '/usr/bin/python3'].find(
      (python) => spawnSync(python, ['-c', program], { stdio: 'ignore' }).status === 0
    ) ?? null
  )
}
