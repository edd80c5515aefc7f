import { SingleBar, Presets } from 'cli-progress'
import type { Progress } from '../../shared/jobs.ts'
import type { CliIo } from '../io.ts'

/** Shows one job's progress until it is closed. */
export interface ProgressDisplay {
  show(progress: Progress): void
  close(): void
}

/** A bar where people read along, else a line at every new phase and every tenth of the way. */
export function progressDisplay(io: CliIo, title: string): ProgressDisplay {
  return io.isTerminal ? bar(title) : lines(io, title)
}

const resolution = 1000

function bar(title: string): ProgressDisplay {
  const display = new SingleBar(
    {
      format: `${title} {bar} {percentage}% {detail}`,
      barsize: 24,
      hideCursor: true,
      // Ctrl-C is the command's own business.
      gracefulExit: false
    },
    Presets.shades_classic
  )
  display.start(resolution, 0, { detail: '' })
  return {
    show: (progress) => display.update(Math.floor(progress.fraction * resolution), { detail: detail(progress) }),
    close: () => display.stop()
  }
}

function lines(io: CliIo, title: string): ProgressDisplay {
  let last = ''
  return {
    show(progress) {
      const place = `${progress.phase} ${Math.floor(progress.fraction * 10)}`
      if (place === last) return
      last = place
      io.stderr(`${title} ${Math.floor(progress.fraction * 100)}% ${detail(progress)}\n`)
    },
    close: () => undefined
  }
}

function detail({ phase, step, steps, secondsLeft, misfitPerMeasuredVoxel: misfit }: Progress): string {
  const parts = [phase]
  if (steps > 0 && step > 0) parts.push(`step ${step} of ${steps}`)
  if (misfit !== null) parts.push(`misfit ${misfit.toFixed(2)}`)
  if (secondsLeft !== null) parts.push(`${duration(secondsLeft)} left`)
  return parts.join(', ')
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds)
  if (whole < 60) return `${whole} s`
  return whole < 3600 ? `${Math.ceil(whole / 60)} min` : `${(whole / 3600).toFixed(1)} h`
}
