import { expect, test } from './fixtures.ts'

test('the page: clean console, the bridge, the security policy', async ({ page, consoleErrors, target }) => {
  await test.step('the user interface appears and the console stays clean', async () => {
    await page.reload()
    await expect(page).toHaveTitle(/Wedgeview/)
    await expect(page.locator('body')).not.toBeEmpty()
    expect(consoleErrors).toEqual([])
  })

  await test.step('the page has the bridge on the desktop and nothing more than a browser otherwise', async () => {
    const globals = await page.evaluate(() => ({
      bridge: window.desktop ? Object.keys(window.desktop).sort() : null,
      node: ['require', 'process', 'module', 'Buffer', 'electron'].filter((name) => name in globalThis)
    }))
    const bridge = [
      'beginFile',
      'discardFile',
      'finishFile',
      'grantDroppedFile',
      'onMenuCommand',
      'onOpenFiles',
      'openBundle',
      'openFiles',
      'openFolder',
      'platform',
      'saveResponse',
      'session',
      'showInFolder',
      'showMenu',
      'writeFile'
    ]
    expect(globals).toEqual({ bridge: target === 'electron' ? bridge : null, node: [] })
  })

  await test.step('the page runs under a policy without foreign, evaluated or inline code', async () => {
    const policy = await page.evaluate(async () => (await fetch('/')).headers.get('content-security-policy'))
    expect(policy).toContain("default-src 'none'")
    expect(policy).not.toMatch(/unsafe/)
    await page.evaluate(() => {
      const blocked = new Set<string>()
      document.addEventListener('securitypolicyviolation', (event) => blocked.add(event.effectiveDirective))
      Object.assign(globalThis, { blocked })
      const script = document.createElement('script')
      script.textContent = 'globalThis.inlineScriptRan = true'
      const style = document.createElement('style')
      style.textContent = 'body { display: none }'
      document.head.append(script, style)
      // The debugger that runs this may itself evaluate code until its first task ends.
      setTimeout(() => {
        try {
          new Function('globalThis.evaluatedCodeRan = true')()
        } catch (error) {
          Object.assign(globalThis, { evaluationRefusal: String(error) })
        }
      })
      fetch('https://example.org/').catch(() => undefined)
    })
    const blocked = (): Promise<string[]> =>
      page.evaluate(() => {
        const directives: unknown = Reflect.get(globalThis, 'blocked')
        return directives instanceof Set ? [...directives].map(String).sort() : []
      })
    await expect.poll(blocked).toEqual(['connect-src', 'script-src', 'script-src-elem', 'style-src-elem'])
    const ran = await page.evaluate(() => ['inlineScriptRan', 'evaluatedCodeRan'].filter((name) => name in globalThis))
    expect(ran).toEqual([])
    expect(await page.evaluate(() => Reflect.get(globalThis, 'evaluationRefusal'))).toMatch(/EvalError/)
    await expect(page.locator('body')).not.toHaveCSS('display', 'none')
  })
})
