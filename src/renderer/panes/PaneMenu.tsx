import { useEffect, useId, useLayoutEffect, useRef, useState } from 'react'
import { CommandButton } from '../commands/CommandButton.tsx'
import { tip } from '../controls/tip.ts'
import { paneModel } from '../slices/paneModel.ts'
import { activatePane, editPane, type Pane } from '../stores/layout.ts'
import { editLinks, useLinks, type Links } from '../stores/links.ts'
import { overlayOf, useOverlay } from '../stores/overlay.ts'
import { isLooking, linkGroups, type LinkGroup, type LookingKind, type PaneOf } from '../stores/paneKinds.ts'
import { linkPane } from './linkViews.ts'

const linkNames: readonly [key: keyof Links, name: string][] = [
  ['position', 'Position'],
  ['zoom', 'Zoom'],
  ['contrast', 'Contrast']
]

/** The letter of the pane's link group; it opens what can be done with the pane: link, split, close. */
export function PaneMenu({ pane }: { pane: Exclude<Pane, PaneOf<'awaiting'>> }) {
  const [open, setOpen] = useState(false)
  const [onLeft, setOnLeft] = useState(false)
  const looking = isLooking(pane) ? pane : null
  const link = looking?.link ?? null
  const element = useRef<HTMLDivElement>(null)
  const menu = useRef<HTMLDivElement>(null)
  const id = useId()

  // A menu that would hang out of the workspace's left side hangs to the right.
  useLayoutEffect(() => {
    const panes = element.current?.closest('.panes')
    const badge = element.current?.getBoundingClientRect()
    if (open && panes && badge && menu.current)
      setOnLeft(badge.right - menu.current.offsetWidth < panes.getBoundingClientRect().left)
  }, [open])

  useEffect(() => {
    if (!open) return
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key === 'Escape' : !element.current?.contains(event.target as Node))
        setOpen(false)
    }
    window.addEventListener('pointerdown', close, { capture: true })
    window.addEventListener('keydown', close, { capture: true })
    return () => {
      window.removeEventListener('pointerdown', close, { capture: true })
      window.removeEventListener('keydown', close, { capture: true })
    }
  }, [open])

  return (
    <div ref={element} className="pane-menu">
      <button
        type="button"
        className="link-badge"
        data-link={link ?? 'none'}
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        aria-label={!looking ? 'Pane …' : link === null ? 'Pane – not linked' : `Pane, link group ${link}`}
        onClick={() => {
          activatePane(pane.id)
          setOpen(!open)
        }}
        {...tip(
          !looking
            ? 'Split or close this pane'
            : link === null
              ? 'This pane stands alone. Link, split or close it.'
              : `Panes of group ${link} share position, zoom and contrast. Link, split or close this pane.`
        )}
      >
        {looking ? (link ?? '–') : '…'}
      </button>
      {open && (
        <div
          ref={menu}
          id={id}
          className="pane-menu-body"
          data-side={onLeft ? 'left' : undefined}
          role="group"
          aria-label="Pane"
        >
          {looking && <LinkChoice pane={looking} />}
          {link !== null && <LinkAspects group={link} />}
          {pane.kind === 'slice' && <OverlayHere pane={pane} />}
          <div className="pane-menu-actions" onClick={() => setOpen(false)}>
            {pane.kind === 'slice' && (
              <CommandButton id="compare-here" label="Compare here" pressed={pane.comparison !== null} />
            )}
            <CommandButton id="split-right" label="Split right" />
            <CommandButton id="split-below" label="Split below" />
            <CommandButton id="close-pane" label="Close" />
          </div>
        </div>
      )}
    </div>
  )
}

/** In narrow panes the header has no room for the switch. */
function OverlayHere({ pane }: { pane: PaneOf<'slice'> }) {
  const hasOverlay = useOverlay((state) => {
    const model = paneModel(pane.id)
    return model !== null && overlayOf(state, model.tomogram.id).volumeId !== null
  })
  if (!hasOverlay) return null
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={pane.overlay}
        onChange={({ target }) => editPane('slice', pane.id, { overlay: target.checked })}
      />
      Overlay in this pane
    </label>
  )
}

function LinkChoice({ pane }: { pane: PaneOf<LookingKind> }) {
  const choices: readonly (LinkGroup | null)[] = [...linkGroups, null]
  return (
    <div className="segments" role="group" aria-label="Link group">
      {choices.map((link) => (
        <button
          key={link ?? 'none'}
          type="button"
          className="button"
          aria-pressed={pane.link === link}
          aria-label={link === null ? undefined : `Group ${link}`}
          onClick={() => linkPane(pane, link)}
          {...tip(link === null ? 'This pane alone' : `Moves, zooms and is drawn with the panes of group ${link}`)}
        >
          {link ?? 'alone'}
        </button>
      ))}
    </div>
  )
}

function LinkAspects({ group }: { group: LinkGroup }) {
  const links = useLinks((state) => state.groups[group])
  return (
    <fieldset className="pane-menu-links">
      <legend>Group {group} shares</legend>
      {linkNames.map(([key, name]) => (
        <label key={key} className="check">
          <input
            type="checkbox"
            checked={links[key]}
            onChange={(event) => editLinks(group, { [key]: event.target.checked })}
          />
          {name}
        </label>
      ))}
    </fieldset>
  )
}
