import { gradients, type Rgb } from '../../shared/volume-backgrounds.ts'
import type { Theme } from '../stores/theme.ts'
import type { VolumeLook } from '../stores/volumeView.ts'

/** Colours behind the volume, at the bottom and at the top; sRGB, 0 to 1. */
export function backgroundOf(look: VolumeLook['background'], theme: Theme): readonly [Rgb, Rgb] {
  const even = (level: number): readonly [Rgb, Rgb] => [
    [level, level, level],
    [level, level, level]
  ]
  switch (look) {
    case 'black':
      return even(0)
    case 'white':
      return even(1)
    case 'gradient':
      return gradients[theme === 'dark' ? 'black' : 'white']
    case 'window':
      return even(theme === 'dark' ? 19 / 255 : 210 / 255)
  }
}

/** What can be read on it. */
export function inkOn([bottom]: readonly [Rgb, Rgb]): string {
  return bottom[0] > 0.5 ? '#1c1c1c' : '#dedede'
}
