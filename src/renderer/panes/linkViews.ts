import { useEffect } from 'react'
import { voxelBetween } from '../../shared/grids.ts'
import { clampVoxel, voxelMiddle } from '../geometry/paneTransform.ts'
import { paneModel, type PaneModel } from '../slices/paneModel.ts'
import { useLayout } from '../stores/layout.ts'
import { useLinks, viewKey, type Links } from '../stores/links.ts'
import type { LinkGroup, LookingKind, PaneOf } from '../stores/paneKinds.ts'
import { setLink } from '../stores/layout.ts'
import { editView, putView, useView, type View } from '../stores/view.ts'
import { useVolumes } from '../stores/volumes.ts'

/**
 * Panes of a link group that look at one tomogram share a view. Views of other tomograms, and of panes that are linked in
 * position or zoom alone, follow here: by way of nm where both have voxel sizes, else where the grids are equal.
 */
export function useLinkedViews(): void {
  const panes = useLayout((state) => state.panes)
  const groups = useLinks((state) => state.groups)
  const volumes = useVolumes()

  useEffect(() => {
    adoptViews()
  }, [panes, groups, volumes])

  useEffect(() => followViews(), [])
}

/** Lets views follow the one that changes. Returns a function that stops it. */
export function followViews(): () => void {
  return useView.subscribe((state, before) => {
    if (following || state.views === before.views) return
    following = true
    try {
      for (const model of shownModels())
        if (before.views[model.group] && state.views[model.group] !== before.views[model.group])
          lead(model, before.views[model.group])
    } finally {
      following = false
    }
  })
}

let following = false

function shownModels(): PaneModel[] {
  const models = useLayout.getState().panes.map(({ id }) => paneModel(id))
  const byKey = new Map(models.filter((model) => model !== null).map((model) => [model.group, model]))
  return [...byKey.values()]
}

function linksOf(group: LinkGroup | null): Links | null {
  return group && useLinks.getState().groups[group]
}

/** Keys of the views that panes looked through before the panes changed. */
let shownBefore: ReadonlySet<string> = new Set()

/**
 * A view that comes on screen goes where the panes are that it is linked with and that were there before; where there are none it
 * keeps the place it had, or begins where the tomogram's is.
 */
export function adoptViews(): void {
  following = true
  try {
    adoptNewViews()
  } finally {
    following = false
  }
}

function adoptNewViews(): void {
  const models = shownModels()
  for (const model of models) {
    if (!useView.getState().views[model.group]) putView(model.group, model.view)
    if (shownBefore.has(model.group)) continue
    const links = linksOf(model.pane.link)
    const leader = models.find(({ group, pane }) => shownBefore.has(group) && pane.link === model.pane.link)
    if (links && leader) editView(model.group, () => followed(leader, model, links, null))
  }
  shownBefore = new Set(models.map(({ group }) => group))
}

function lead(leader: PaneModel, before: View): void {
  const links = linksOf(leader.pane.link)
  if (!links) return
  for (const other of shownModels())
    if (other.group !== leader.group && other.pane.link === leader.pane.link)
      editView(other.group, () => followed(leader, other, links, before))
}

/** What of `other`'s view follows the leader's; with `before` only what changed. */
function followed(leader: PaneModel, other: PaneModel, links: Links, before: View | null): Partial<View> {
  const { view } = leader
  const edit: Partial<View> = {}
  if (links.position && view.cursor !== before?.cursor) {
    const there = voxelBetween(leader.tomogram, other.tomogram, voxelMiddle(view.cursor))
    if (there) edit.cursor = clampVoxel(there, other.view.size)
  }
  const zoom = links.zoom && !leader.pane.ownZoom && !other.pane.ownZoom
  if (zoom && (view.centre !== before?.centre || view.scale !== before.scale)) {
    const centre = voxelBetween(leader.tomogram, other.tomogram, view.centre)
    const [mine, theirs] = [view.voxelSizeAngstrom, other.view.voxelSizeAngstrom]
    if (centre) {
      edit.centre = centre
      edit.scale = mine && theirs ? (view.scale * theirs.x) / mine.x : view.scale
      edit.fit = other.tomogram.id === leader.tomogram.id ? view.fit : null
    }
  }
  return edit
}

/** Puts a pane into a link group, or lets it stand alone where it is. */
export function linkPane(pane: PaneOf<LookingKind>, link: LinkGroup | null): void {
  const model = paneModel(pane.id)
  if (model) {
    const key = viewKey({ ...pane, link }, model.tomogram.id)
    if (!useView.getState().views[key] || link === null) putView(key, model.view)
  }
  setLink(pane.id, link)
}
