import { Icon } from '../controls/Icon.tsx'
import { discard, offerText, offerTime, reopen } from './offers.ts'
import { useSessionFile } from './sessionStore.ts'

/** Below the top bar after a crash, or where another tab was closed: what was open, to be opened again or not. */
export function OfferBar() {
  const offers = useSessionFile((state) => state.offers)
  const opening = useSessionFile((state) => state.opening)
  const offer = offers.find(({ state }) => state !== 'left')
  if (!offer) return null
  return (
    <section className="offer-bar" aria-label="What was open">
      <Icon name={offer.state === 'closed' ? 'info' : 'warning'} />
      <span className="offer-text">
        {offer.state === 'closed' ? 'Another window was closed.' : 'Wedgeview did not end properly.'} Reopen what was
        open ({offerTime(offer)})? <strong>{offerText(offer)}</strong>
      </span>
      <button type="button" className="button button-primary" disabled={opening} onClick={() => void reopen(offer)}>
        Reopen
      </button>
      <button type="button" className="button" disabled={opening} onClick={() => void discard(offer)}>
        Discard
      </button>
    </section>
  )
}
