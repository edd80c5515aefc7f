import type { Wedge } from '../../shared/wedge.ts'
import { tip } from '../controls/tip.ts'
import type { PaneTransform } from '../geometry/paneTransform.ts'
import type { PaneOf } from '../stores/paneKinds.ts'
import { smearIn, smearInWords, transposedSmear, type Smear } from './smear.ts'

const radius = 22
const inset = 12

/** In a pane whose plane contains the beam: the directions that were not recorded, and the one in which features smear. */
export function BeamGlyph({
  pane,
  transform,
  wedge
}: {
  pane: Pick<PaneOf<'slice'>, 'plane' | 'transposed'>
  transform: PaneTransform
  wedge: Wedge
}) {
  const plain = smearIn(pane.plane, wedge)
  if (!plain || transform.width < 160 || transform.height < 120) return null
  const smear = pane.transposed ? transposedSmear(plain) : plain
  const x = transform.width - radius - inset
  const y = transform.height - radius - inset
  const at = (degrees: number, length: number): string => {
    const angle = (degrees * Math.PI) / 180
    return `${(length * Math.cos(angle)).toFixed(2)} ${(-length * Math.sin(angle)).toFixed(2)}`
  }
  return (
    <g
      className="beam-glyph"
      transform={`translate(${x} ${y})`}
      data-direction={smear.directionDegrees}
      data-cone={smear.halfConeDegrees}
      {...tip(smearInWords(smear, wedge.beamAxis, wedge.tiltAxis))}
    >
      <circle className="beam-disc" r={radius} />
      <path className="beam-cone" d={conePath(smear, at)} />
      <path className="beam-halo" d={arrowPath(smear, at)} />
      <path className="beam-arrow" d={arrowPath(smear, at)} />
    </g>
  )
}

type At = (degrees: number, length: number) => string

/** Both halves of the unmeasured directions; the whole disc where only a line was recorded, which stays free. */
function conePath({ directionDegrees, halfConeDegrees }: Smear, at: At): string {
  const half = Math.min(halfConeDegrees, 86)
  const sector = (turn: number): string =>
    `M0 0L${at(directionDegrees + turn - half, radius)}A${radius} ${radius} 0 0 0 ${at(directionDegrees + turn + half, radius)}Z`
  return sector(0) + sector(180)
}

/** A line with a head at both ends. */
function arrowPath({ directionDegrees: along }: Smear, at: At): string {
  const end = radius - 5
  const head = (turn: number): string =>
    `M${at(along + turn - 22, end - 5)}L${at(along + turn, end)}L${at(along + turn + 22, end - 5)}`
  return `M${at(along, end)}L${at(along + 180, end)}${head(0)}${head(180)}`
}
