import { create } from 'zustand'
import type { LinkGroup } from './paneKinds.ts'

/** What the panes of a link group share. */
export interface Links {
  position: boolean
  zoom: boolean
  /** One black and white for a tomogram and its grey maps. */
  contrast: boolean
}

export const allLinked: Links = { position: true, zoom: true, contrast: true }

export const useLinks = create<{ groups: Readonly<Record<LinkGroup, Links>> }>()(() => ({
  groups: { A: allLinked, B: allLinked, C: allLinked, D: allLinked }
}))

export function editLinks(group: LinkGroup, edit: Partial<Links>): void {
  useLinks.setState(({ groups }) => ({ groups: { ...groups, [group]: { ...groups[group], ...edit } } }))
}

interface Linked {
  id: string
  link: LinkGroup | null
  ownZoom?: boolean
}

/**
 * Key of the view that a pane looks through at a tomogram. Panes that share position and zoom share one; those of
 * group A the one that goes by the tomogram's own id.
 */
export function viewKey({ id, link, ownZoom }: Linked, tomogram: string): string {
  const links = link && useLinks.getState().groups[link]
  if (!links?.position || !links.zoom || ownZoom) return `${tomogram}#${id}`
  return link === 'A' ? tomogram : `${tomogram}@${link}`
}

/** What keeps a pane's contrast apart from that of other panes with the same volume; empty: nothing. */
export function contrastScope({ id, link }: Linked): string {
  if (link === null || !useLinks.getState().groups[link].contrast) return `#${id}`
  return link === 'A' ? '' : `@${link}`
}

export function sharesPosition(link: LinkGroup | null): boolean {
  return link !== null && useLinks.getState().groups[link].position
}
