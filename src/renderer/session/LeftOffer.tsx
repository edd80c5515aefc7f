import { offerText, offerTime, reopen } from './offers.ts'
import { useSessionFile } from './sessionStore.ts'

/** While nothing is open: what was open when the program was ended last. */
export function LeftOffer() {
  const offer = useSessionFile((state) => state.offers.find((one) => one.state === 'left'))
  const opening = useSessionFile((state) => state.opening)
  if (!offer) return null
  return (
    <button type="button" className="button left-offer" disabled={opening} onClick={() => void reopen(offer)}>
      Reopen what was open last
      <span className="hint">
        {offerText(offer)}, {offerTime(offer)}
      </span>
    </button>
  )
}
