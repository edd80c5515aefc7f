import { expect, test } from 'vitest'
import { colourTable } from './colour-maps.ts'
import { colourMapSchema } from './figure.ts'

type Triple = [number, number, number]

/** CIELAB of sRGB bytes, by the standard's forward formulas. */
function labOf([r, g, b]: Triple): Triple {
  const [R, G, B] = [r, g, b].map((byte) => {
    const v = byte / 255
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
  })
  const f = (t: number): number => (t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29)
  const x = f((0.4124564 * R + 0.3575761 * G + 0.1804375 * B) / 0.95047)
  const y = f(0.2126729 * R + 0.7151522 * G + 0.072175 * B)
  const z = f((0.0193339 * R + 0.119192 * G + 0.9503041 * B) / 1.08883)
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)]
}

const apart = (a: Triple, b: Triple): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])

/** As a deuteranope sees it: Vienot, Brettel and Mollon 1999, in linear light. */
function deuteranope([r, g, b]: Triple): Triple {
  const linear = [r, g, b].map((byte) => (byte / 255) ** 2.2)
  const mixed = [
    0.29275 * linear[0] + 0.70725 * linear[1],
    0.29275 * linear[0] + 0.70725 * linear[1],
    -0.02234 * linear[0] + 0.02234 * linear[1] + linear[2]
  ]
  return mixed.map((v) => 255 * Math.min(1, Math.max(0, v)) ** (1 / 2.2)) as Triple
}

function coloursOf(name: (typeof colourMapSchema.options)[number]): Triple[] {
  const table = colourTable(name)
  return Array.from({ length: 256 }, (_, i) => [table[4 * i], table[4 * i + 1], table[4 * i + 2]])
}

test('sequential maps grow in lightness all the way', () => {
  for (const name of colourMapSchema.options.filter((option) => option !== 'blue-red')) {
    const lightness = coloursOf(name).map((colour) => labOf(colour)[0])
    for (let i = 8; i < 256; i += 8) expect(lightness[i], `${name} ${i}`).toBeGreaterThan(lightness[i - 8])
  }
})

test('the diverging map is uniform, symmetric in lightness, and its sides stay apart for a deuteranope', () => {
  const colours = coloursOf('blue-red')
  const lab = colours.map(labOf)
  const steps = Array.from({ length: 15 }, (_, i) => apart(lab[16 * i], lab[16 * i + 16])).filter((_, i) => i !== 7)
  const mean = steps.reduce((a, b) => a + b, 0) / steps.length
  for (const step of steps) expect(Math.abs(step / mean - 1)).toBeLessThan(0.08)
  for (let i = 0; i < 128; i++) expect(Math.abs(lab[i][0] - lab[255 - i][0])).toBeLessThan(0.8)
  expect(Math.hypot(lab[127][1], lab[127][2])).toBeLessThan(2)
  for (let i = 0; i < 96; i++)
    expect(apart(labOf(deuteranope(colours[i])), labOf(deuteranope(colours[255 - i])))).toBeGreaterThan(20)
})
