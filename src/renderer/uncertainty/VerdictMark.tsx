import type { Mark } from './verdicts.ts'

/** Told apart by shape and name, not by colour alone. */
const shapes: Readonly<Record<Mark, string>> = {
  ok: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M5.2 8.2l2 2 3.8-4.2',
  caution: 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.01',
  bad: 'M5.4 1.8h5.2l3.6 3.6v5.2l-3.6 3.6H5.4l-3.6-3.6V5.4zM5.8 5.8l4.4 4.4M10.2 5.8l-4.4 4.4'
}

const names: Readonly<Record<Mark, string>> = { ok: 'ok', caution: 'caution', bad: 'bad' }

export function VerdictMark({ mark }: { mark: Mark }) {
  return (
    <svg
      className="icon verdict-mark"
      data-mark={mark}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      role="img"
      aria-label={names[mark]}
    >
      <path d={shapes[mark]} />
    </svg>
  )
}
