// What the benches of viewers start: wedgeview's server, a server for a peer's page, the browser that all are drawn in.
import { spawn } from 'node:child_process'
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { build } from 'vite'
import { systemChromium } from '../../scripts/system-packages.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const here = fileURLToPath(new URL('.', import.meta.url))
const types = { '.html': 'text/html', '.js': 'text/javascript' }

/** A peer's page `pages/NAME.js`, with its library bundled, in `folder/NAME`; `body` is drawn into `width` x `height` CSS pixels. */
export async function buildPage(folder, name, { width, height, body }) {
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    build: {
      outDir: join(folder, name),
      target: 'esnext',
      rollupOptions: { input: join(here, 'pages', `${name}.js`), output: { entryFileNames: 'page.js' } }
    }
  })
  const style = `body{margin:0}#view,canvas{width:${width}px;height:${height}px}`
  const page = `<!doctype html><style>${style}</style>${body}<script type="module" src="page.js"></script>`
  writeFileSync(join(folder, name, 'index.html'), page)
}

/** `wedgeview serve`, with a cache of its own, on a file of `folder`. */
export async function startWedgeview(folder, file) {
  const cache = mkdtempSync(join(folder, 'cache-'))
  const program = join(root, 'bin', 'wedgeview.mjs')
  const server = spawn(process.execPath, [program, 'serve', '--port', '0', '--root', folder, join(folder, file)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: cache, XDG_DATA_HOME: cache }
  })
  const address = await new Promise((resolve, reject) => {
    let printed = ''
    const read = (chunk) => {
      printed += chunk
      const found = /http:\/\/\S+(?=\s)/.exec(printed)
      if (found) resolve(found[0])
    }
    server.stdout.on('data', read)
    server.stderr.on('data', read)
    server.once('exit', () => reject(new Error(`wedgeview serve ended: ${printed}`)))
  })
  const close = async () => {
    const ended = new Promise((resolve) => server.once('exit', resolve))
    server.kill('SIGTERM')
    await ended
    rmSync(cache, { recursive: true, force: true })
  }
  return { address, close }
}

/** Serves a peer's page and what `folder` has of volumes. */
export async function startServer(folder, name) {
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname
    const file = path.startsWith('/volume')
      ? join(folder, path)
      : join(folder, name, path === '/' ? 'index.html' : path)
    if (!existsSync(file)) return response.writeHead(404).end()
    const type = types[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': statSync(file).size })
    return createReadStream(file, { highWaterMark: 1 << 20 }).pipe(response)
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `http://127.0.0.1:${server.address().port}/`,
    close: () => new Promise((resolve) => server.close(resolve))
  }
}

/** Chromium that draws WebGL2 in software. */
export function startBrowser() {
  return chromium.launch({
    executablePath: systemChromium() ?? chromium.executablePath(),
    args: [
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--no-first-run',
      '--disable-background-networking'
    ]
  })
}

/** Replaces a section of docs/benchmarks.md, or adds it at the end, and leaves the others alone. */
export function withSection(text, title, section) {
  const parts = text.split(/^(?=## )/m)
  const at = parts.findIndex((part) => part.startsWith(`## ${title}\n`))
  if (at < 0) parts.push(section)
  else parts[at] = section
  return `${parts.map((part) => part.trimEnd()).join('\n\n')}\n`
}
