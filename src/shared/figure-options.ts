import { z } from 'zod'

/** What every panel of a figure has, whatever it shows. */
export const panelOptions = {
  title: z.string().default(''),
  /** Absent: as the figure has it. */
  scaleBar: z.boolean().optional(),
  /** Its length; a round one that fits where absent. */
  scaleBarAngstrom: z.number().positive().optional(),
  /** Absent: where colours mean more than a grey value. */
  colourBar: z.boolean().optional()
}
