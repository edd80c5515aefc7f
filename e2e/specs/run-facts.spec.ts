import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  preparedDiagnostics,
  preparedRecord,
  preparedRunFiles,
  preparedTomogramFile
} from '../../src/engine/derived/testing/prepared-files.ts'
import { expect, test } from '../fixtures.ts'
import { settled } from '../window-page.ts'
import { otherTheme, passesAxe, violationsInBothThemes } from './axe.ts'
import { writeFloats } from './volumes.ts'

test('a run says in words what it is worth, shows how it went, is named, compared and deleted', async ({
  program,
  page,
  dataDir
}) => {
  test.setTimeout(240_000)
  const path = await preparedTomogramFile(dataDir, writeFloats)
  await preparedRunFiles(path, writeFloats, 'cryowgen-2-1', {
    settings: { ...preparedRecord(path).settings, gamma: 0.5, steps: 400 },
    diagnostics: { ess: 230, rHat: 1.004, acceptance: null, objective: null, weightEss: null },
    misfitPerMeasuredVoxel: 1.31
  })
  const second = await preparedRunFiles(path, writeFloats, 'cryowgen-2-2')
  await program.openFile(path)
  await settled(page)
  const runs = page.getByRole('region', { name: 'Run CryoWGEN-II' })
  await expect(runs).toHaveCount(2)

  await test.step('words and marks follow from run.json', async () => {
    const record = JSON.parse(await readFile(join(second, 'run.json'), 'utf8')) as ReturnType<typeof preparedRecord>
    const list = runs.nth(1).getByRole('list', { name: 'Diagnostics' }).getByRole('listitem')
    await expect(list).toHaveText([
      `Agrees with the datamisfit ${record.misfitPerMeasuredVoxel.toFixed(2)}`,
      `Chains don’t quite agreeR-hat ${record.diagnostics.rHat?.toFixed(3)}`,
      `Few independent drawsESS ${record.diagnostics.ess?.toFixed(0)}`,
      'Some step bias5.3 %'
    ])
    await expect(list.getByRole('img')).toHaveCount(4)
    expect(
      await list.getByRole('img').evaluateAll((marks) => marks.map((mark) => mark.getAttribute('aria-label')))
    ).toEqual(['ok', 'caution', 'caution', 'caution'])
    await expect(runs.nth(0).locator('[data-about="data"]')).toHaveText('Disagrees with the datamisfit 1.31')
    await expect(runs.nth(0).locator('[data-about="draws"]')).toHaveAttribute('data-mark', 'ok')
  })

  await test.step('the plots are one click away', async () => {
    await runs.nth(1).getByRole('button', { name: 'Diagnostics' }).click()
    const dialog = page.getByRole('dialog', { name: 'Diagnostics of CryoWGEN-II, 2' })
    await expect(dialog.getByRole('img', { name: /^Potential, −log q\* at each of 60 steps/ })).toBeVisible()
    await expect(dialog.getByRole('img', { name: /^Data misfit per measured voxel/ })).toBeVisible()
    const rows = dialog.locator('.probe-groups tbody tr')
    const wedge = preparedDiagnostics.trace.groups[2]
    await expect(rows.nth(2)).toContainText(
      `frequencies in the wedge${wedge.rHat.toFixed(3)}${wedge.worstRHat.toFixed(3)}`
    )
    await passesAxe(page, 'diagnostics')
    await dialog.getByRole('button', { name: 'Show the R-hat map' }).click()
    await expect(dialog).toBeHidden()
    const legend = page.getByRole('group', { name: 'Colour bar: R-hat (1: chains agree)' })
    await expect(legend.locator('.legend-number').first()).toHaveText('1.000')
    await expect(legend.locator('.legend-number').last()).toHaveText('1.200')
  })

  await test.step('a name, beside the record that stays as it is', async () => {
    const before = await readFile(join(second, 'run.json'), 'utf8')
    await runs.nth(1).getByRole('button', { name: 'Rename' }).click()
    await page.getByRole('textbox', { name: 'Name of the run' }).fill('gamma 1')
    await page.keyboard.press('Enter')
    await expect(runs.nth(1).getByRole('heading')).toHaveText('gamma 1CryoWGEN-II')
    await expect.poll(() => readFile(join(second, 'name.json'), 'utf8').catch(() => '')).toContain('gamma 1')
    expect(await readFile(join(second, 'run.json'), 'utf8')).toBe(before)
  })

  await test.step('settings that differ, side by side', async () => {
    await runs.nth(1).getByRole('button', { name: 'Compare runs' }).click()
    const dialog = page.getByRole('dialog', { name: 'Compare runs' })
    const rows = dialog.getByRole('rowgroup', { name: 'Settings' }).getByRole('row')
    await expect(rows).toHaveText(['Temperature γ0.51', 'Steps40060'])
    await expect(dialog.getByRole('row', { name: 'R-hat' })).toHaveText('R-hat1.0041.080')
    await dialog.getByRole('checkbox', { name: 'all settings' }).check()
    await expect(dialog.getByRole('row', { name: 'Tilt range' })).toContainText('-52° to 58°, given')
    await passesAxe(page, 'comparison of runs')
    await page.keyboard.press('Escape')
    await otherTheme(page)
    await runs.nth(1).getByRole('button', { name: 'Diagnostics' }).click()
    await expect(page.locator('.series-plot')).toHaveCount(2)
    await passesAxe(page, 'diagnostics')
    await page.keyboard.press('Escape')
  })

  await test.step('deleting asks first', async () => {
    const remove = runs.nth(0).getByRole('button', { name: 'Delete the run CryoWGEN-II' })
    await remove.click()
    await page.getByRole('button', { name: 'Keep', exact: true }).click()
    await expect(runs).toHaveCount(2)
    await remove.click()
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await expect(runs).toHaveCount(1)
    expect(await readdir(join(second, '..'))).toEqual(['cryowgen-2-2'])
  })

  await test.step('the formula of a term is a hover away', async () => {
    await page.getByRole('button', { name: 'wedge share', exact: true }).hover()
    await expect(page.getByRole('tooltip')).toContainText('Var[(I − T_M) x] / (Var[(I − T_M) x] + Var[T_M x])')
    await page.mouse.move(5, 5)
    await page.getByRole('button', { name: 'Overlay posterior SD' }).click()
    await page.getByRole('button', { name: 'Mute uncertain values' }).click()
    await settled(page)
    await violationsInBothThemes(page, 'palette')
  })
})
