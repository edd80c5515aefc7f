/** Icons on a 16-pixel grid, drawn with the text's colour. */
const paths = {
  open: 'M1.5 12.5v-9h4l1.5 2h5.5v2M1.5 12.5l2-5h11l-2 5z',
  single: 'M2.5 2.5h11v11h-11z',
  planes: 'M2.5 6.5h6.5v7H2.5zM2.5 2.5h6.5v2H2.5zM11 6.5h2.5v7H11z',
  compare: 'M1.5 3.5h3.5v9H1.5zM6.25 3.5h3.5v9h-3.5zM11 3.5h3.5v9H11z',
  swipe: 'M2.5 3h11v10h-11zM8 1.5v13M10 5.5h2M10 8h2M10 10.5h2',
  swap: 'M2.5 5.5h10M10 3l2.5 2.5L10 8M13.5 10.5h-10M6 8l-2.5 2.5L6 13',
  grid: 'M2.5 2.5h5v5h-5zM8.5 2.5h5v5h-5zM2.5 8.5h5v5h-5zM8.5 8.5h5v5h-5z',
  strip: 'M2.5 2.5h11v6h-11zM2.5 10.5h3v3h-3zM6.5 10.5h3v3h-3zM10.5 10.5h3v3h-3z',
  figure: 'M2.5 2.5h11v8h-11zM2.5 13.5h5M4.5 8.5l2.5-3 2 2 1-1 1.5 2',
  movie: 'M2.5 3.5h11v9h-11zM5 3.5v9M11 3.5v9M2.5 6.5H5M2.5 9.5H5M11 6.5h2.5M11 9.5h2.5',
  save: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  sun: 'M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6M8 1v2M8 13v2M1 8h2M13 8h2M3 3l1.4 1.4M11.6 11.6 13 13M3 13l1.4-1.4M11.6 4.4 13 3',
  moon: 'M13 9.8A5.5 5.5 0 0 1 6.2 3 5.5 5.5 0 1 0 13 9.8z',
  keys: 'M1.5 4.5h13v7h-13zM4 7h.01M6.5 7h.01M9 7h.01M11.5 7h.01M5 9.3h6',
  'chevron-right': 'M6 3.5 10.5 8 6 12.5',
  'chevron-down': 'M3.5 6 8 10.5 12.5 6',
  close: 'M4 4l8 8M12 4l-8 8',
  'panel-left': 'M2.5 3h11v10h-11zM6 3v10',
  'panel-right': 'M2.5 3h11v10h-11zM10 3v10',
  overlay: 'M8 2.5 14 6 8 9.5 2 6zM2.5 9.5 8 12.7l5.5-3.2',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.3a1.7 1.7 0 1 1 0 3.4 1.7 1.7 0 0 1 0-3.4',
  fit: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  region: 'M3 5V3h2M11 3h2v2M13 11v2h-2M5 13H3v-2M7 3h2M7 13h2M3 7v2M13 7v2',
  trash: 'M3 4.5h10M6 4.5v-2h4v2M4.5 4.5l.6 9h5.8l.6-9M6.8 7v4M9.2 7v4',
  warning: 'M8 2 14.5 13.5h-13zM8 6.5v3.2M8 11.6v.01',
  info: 'M8 1.8a6.2 6.2 0 1 1 0 12.4A6.2 6.2 0 0 1 8 1.8M8 7.2v3.8M8 5v.01',
  play: 'M4.5 3v10l8-5z',
  stop: 'M4 4h8v8H4z',
  pause: 'M5 3.5v9M11 3.5v9',
  previous: 'M10.5 3.5 6 8l4.5 4.5',
  next: 'M5.5 3.5 10 8l-4.5 4.5',
  pin: 'M6 2.5h4l-.5 5 2.5 2H4l2.5-2zM8 9.5v4.5',
  folder: 'M1.5 12.5v-9h4l1.5 2h7.5v7z',
  up: 'M8 13V3.5M4 7.5l4-4 4 4',
  undo: 'M5.5 3 2.5 6l3 3M2.5 6h7a4 4 0 0 1 0 8H7',
  redo: 'M10.5 3l3 3-3 3M13.5 6h-7a4 4 0 0 0 0 8H9',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9M10.3 10.3l3.7 3.7',
  ruler: 'M1.5 10.5l9-9 4 4-9 9zM4 8l1.5 1.5M6 6l2 2M8 4l1.5 1.5',
  reset: 'M3 8a5 5 0 1 0 1.6-3.7M3 2.5v3h3'
} as const

export type IconName = keyof typeof paths

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
