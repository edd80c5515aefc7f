import { create } from 'zustand'
import type { FigureFormat, FigurePanel, FigureSpec } from '../../shared/figure.ts'
import { volumeNames } from '../../shared/figure-names.ts'
import { useVolumes } from '../stores/volumes.ts'
import { suggestedCaption } from './caption.ts'
import { columnsForPanes, panelsOfPanes } from './panelsOfPanes.ts'
import type { PaneFigure } from './slicePanel.ts'

export type SavedFormat = FigureFormat | 'spec'

/** A panel of the figure that is edited, and as it was taken: what its switches bring back. */
export interface FigureEntry {
  key: number
  panel: FigurePanel
  taken: FigurePanel
}

/** What holds for the figure as a whole. */
export type FigurePage = Omit<FigureSpec, 'formatVersion' | 'panels' | 'volumes'>

interface FigureState {
  page: FigurePage
  entries: readonly FigureEntry[]
  volumes: FigureSpec['volumes']
  selected: number | null
  /** Panels were changed by hand: opening the editor again keeps them. */
  edited: boolean
  format: SavedFormat
  next: number
}

/** The figure that is edited. It outlives the dialog. */
export const useFigure = create<FigureState>()(() => ({
  page: {
    widthMm: 174,
    dpi: 300,
    background: 'white',
    fontSizePt: 7,
    columns: 1,
    scaleBar: true,
    panelLetters: true,
    caption: ''
  },
  entries: [],
  volumes: {},
  selected: null,
  edited: false,
  format: 'png',
  next: 1
}))

/** The figure as its SPEC. */
export function specOf({ page, entries, volumes }: Pick<FigureState, 'page' | 'entries' | 'volumes'>): FigureSpec {
  return { formatVersion: 1, ...page, panels: entries.map(({ panel }) => panel), volumes }
}

/** What the panes show now becomes the figure; size, letters and background stay. */
export function takePanes(): void {
  const { page, next } = useFigure.getState()
  const taken = panelsOfPanes(page.background)
  const entries = taken.map(({ panel }, i) => ({ key: next + i, panel, taken: panel }))
  const volumes = Object.assign({}, ...taken.map((of) => of.volumes))
  const caption = suggestedCaption({ panels: taken.map(({ panel }) => panel), volumes })
  useFigure.setState({
    entries,
    volumes,
    page: { ...page, columns: columnsForPanes(entries.length), caption },
    selected: null,
    edited: false,
    next: next + entries.length
  })
}

/** Takes panels off that show what is closed by now; files that a SPEC names by their paths stay. Returns how many went. */
export function dropClosedPanels(): number {
  const { entries, volumes } = useFigure.getState()
  const open = useVolumes.getState().volumes
  const isThere = (name: string): boolean => Object.hasOwn(open, name) || /[\\/]/.test(name)
  const kept = entries.filter(({ panel }) => {
    const spec = { ...specOf(useFigure.getState()), panels: [panel] }
    const used = Object.fromEntries(
      Object.entries(volumes).filter(([key]) => JSON.stringify(panel).includes(JSON.stringify(key)))
    )
    return volumeNames({ ...spec, volumes: used }).every((name) => isThere(name) || Object.hasOwn(volumes, name))
  })
  useFigure.setState({ entries: kept })
  return entries.length - kept.length
}

/** A saved figure becomes the one that is edited. */
export function takeSpec({ formatVersion: _, panels, volumes, ...page }: FigureSpec): void {
  const { next } = useFigure.getState()
  useFigure.setState({
    page,
    volumes,
    entries: panels.map((panel, i) => ({ key: next + i, panel, taken: panel })),
    selected: null,
    edited: true,
    next: next + panels.length
  })
}

export function editPage(edit: Partial<FigurePage>): void {
  useFigure.setState(({ page, entries }) => {
    const { background } = edit
    return {
      page: { ...page, ...edit },
      entries: background ? entries.map((entry) => onBackground(entry, background)) : entries
    }
  })
}

/** A 3-D panel has a background of its own, which is the figure's. */
function onBackground(entry: FigureEntry, background: 'white' | 'black'): FigureEntry {
  const { panel } = entry
  return panel.kind === 'volume' ? { ...entry, panel: { ...panel, background } } : entry
}

export function selectPanel(selected: number | null): void {
  useFigure.setState({ selected })
}

export function addPanel({ panel, volumes }: PaneFigure<FigurePanel>): void {
  useFigure.setState((state) => {
    const entries = [...state.entries, { key: state.next, panel, taken: panel }]
    const made = { ...state.volumes, ...volumes }
    // A caption that nobody changed follows the panels.
    const before = suggestedCaption(specOf(state))
    const caption =
      state.page.caption === before
        ? suggestedCaption({ panels: entries.map((entry) => entry.panel), volumes: made })
        : null
    return {
      entries,
      volumes: made,
      page: caption === null ? state.page : { ...state.page, caption },
      selected: state.next,
      edited: true,
      next: state.next + 1
    }
  })
}

export function removePanel(key: number): void {
  useFigure.setState(({ entries, selected }) => ({
    entries: entries.filter((entry) => entry.key !== key),
    selected: selected === key ? null : selected,
    edited: true
  }))
}

export function movePanel(key: number, by: 1 | -1): void {
  useFigure.setState(({ entries }) => {
    const from = entries.findIndex((entry) => entry.key === key)
    const to = from + by
    if (from < 0 || to < 0 || to >= entries.length) return {}
    const moved = [...entries]
    ;[moved[from], moved[to]] = [moved[to], moved[from]]
    return { entries: moved, edited: true }
  })
}

export function editPanel<Kind extends FigurePanel['kind']>(
  key: number,
  kind: Kind,
  edit: Partial<Extract<FigurePanel, { kind: Kind }>>
): void {
  useFigure.setState(({ entries }) => ({
    entries: entries.map((entry) =>
      entry.key === key && entry.panel.kind === kind ? { ...entry, panel: { ...entry.panel, ...edit } } : entry
    ),
    edited: true
  }))
}
