import { describe, expect, it } from 'vitest'
import { voxelResponse } from './voxel-response.ts'

async function sent(values: number[], packs?: boolean): Promise<{ type: string | null; body: ArrayBuffer }> {
  const slice = { rows: 1, columns: values.length, data: Float32Array.from(values) }
  const response = voxelResponse(slice, 3, packs)
  expect(response.headers.get('X-Revision')).toBe('3')
  return { type: response.headers.get('X-Type'), body: await response.arrayBuffer() }
}

describe('voxelResponse', () => {
  it('sends float32 unless it may pack', async () => {
    const { type, body } = await sent([1, 2, 3])
    expect([type, [...new Float32Array(body)]]).toEqual(['float32', [1, 2, 3]])
  })

  it('packs signed integers to the ends of their range', async () => {
    const { type, body } = await sent([-32_768, -1, 0, 32_767], true)
    expect(type).toBe('int16')
    const view = new DataView(body)
    expect([0, 1, 2, 3].map((i) => view.getInt16(2 * i, true))).toEqual([-32_768, -1, 0, 32_767])
  })

  it('packs unsigned integers that signed ones can not hold', async () => {
    const { type, body } = await sent([0, 40_000, 65_535], true)
    expect(type).toBe('uint16')
    const view = new DataView(body)
    expect([0, 1, 2].map((i) => view.getUint16(2 * i, true))).toEqual([0, 40_000, 65_535])
  })

  it.each([
    ['a fraction', [1, 2.5]],
    ['no number', [1, Number.NaN]],
    ['an infinity', [1, Infinity]],
    ['both signs and more than signed ones hold', [-1, 40_000]],
    ['a number beyond both', [70_000]]
  ])('leaves %s as it is', async (_, values) => {
    const { type, body } = await sent(values, true)
    expect([type, [...new Float32Array(body)]]).toEqual(['float32', values])
  })

  it('sends a body of its own, since a slice may be kept', () => {
    const data = Float32Array.from([5, 6])
    void voxelResponse({ rows: 1, columns: 2, data }, 1, true)
    expect([...data]).toEqual([5, 6])
  })
})
