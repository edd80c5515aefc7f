import { expect, test } from './fixtures.ts'

test('the user interface appears and the console stays clean', async ({ page, consoleErrors }) => {
  await page.reload()
  await expect(page).toHaveTitle(/Wedgeview/)
  await expect(page.locator('body')).not.toBeEmpty()
  expect(consoleErrors).toEqual([])
})

test('the page runs under a policy without foreign, evaluated or inline code', async ({ page }) => {
  const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'))
  expect(policy).toContain("default-src 'none'")
  expect(policy).not.toMatch(/unsafe/)
  const outcome = await page.evaluate(async () => {
    const blocked = new Set<string>()
    document.addEventListener('securitypolicyviolation', (event) => blocked.add(event.effectiveDirective))
    const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))
    // The debugger that runs this may evaluate code until its first task ends.
    await nextTask()
    const script = document.createElement('script')
    script.textContent = 'globalThis.inlineScriptRan = true'
    document.body.append(script)
    const style = document.createElement('style')
    style.textContent = 'body { color: red }'
    document.head.append(style)
    let evaluated = true
    try {
      new Function('return 1')()
    } catch {
      evaluated = false
    }
    const foreign = await fetch('https://example.org/').then(
      () => 'reached',
      () => 'refused'
    )
    return {
      blocked: [...new Set(blocked)].sort(),
      inlineScriptRan: 'inlineScriptRan' in globalThis,
      evaluated,
      foreign
    }
  })
  expect(outcome).toEqual({
    blocked: ['connect-src', 'script-src', 'script-src-elem', 'style-src-elem'],
    inlineScriptRan: false,
    evaluated: false,
    foreign: 'refused'
  })
})

test('the page has the bridge on the desktop and nothing more than a browser otherwise', async ({ page, target }) => {
  const globals = await page.evaluate(() => ({
    bridge: window.desktop ? Object.keys(window.desktop).sort() : null,
    node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in globalThis)
  }))
  const bridge = [
    'grantDroppedFile',
    'onMenuCommand',
    'onOpenFiles',
    'openBundle',
    'openFiles',
    'platform',
    'saveResponse',
    'showInFolder'
  ]
  expect(globals).toEqual({ bridge: target === 'electron' ? bridge : null, node: [] })
})
