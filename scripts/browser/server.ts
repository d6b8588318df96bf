/** Serves pages, these programs without their types, and the built core, and waits for what a page reports. */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { stripTypeScriptTypes } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'

const here = fileURLToPath(new URL('.', import.meta.url))
const core = fileURLToPath(new URL('../../packages/core/dist/', import.meta.url))

/** Where a program runs. */
export type Place = 'page' | 'worker'

/** Headers with which a browser lets a page share memory among threads. */
const isolating = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

const page = (place: Place): string =>
  place === 'page'
    ? '<!doctype html><script type="module" src="/browser/run.ts"></script>'
    : `<!doctype html><script type="module">
new Worker('/browser/run.ts' + location.search, { type: 'module' })
</script>`

/** A program as a browser reads it. */
const programOf = (name: string): string =>
  stripTypeScriptTypes(readFileSync(join(here, name), 'utf8'))
    .replaceAll("'@rootstock/core'", "'/core/index.js'")
    .replaceAll("'@rootstock/core/conformance'", "'/core/conformance/index.js'")

/** Content and its type, or null where there is none. */
const contentOf = (path: string): readonly [content: string, type: string] | null => {
  const [, folder = '', ...rest] = path.split('/')
  const name = rest.join('/')
  if (rest.includes('..')) return null
  if (path === '/page' || path === '/worker')
    return [page(path === '/page' ? 'page' : 'worker'), 'text/html']
  if (folder === 'browser') return [programOf(name), 'text/javascript']
  if (folder === 'core') return [readFileSync(join(core, name), 'utf8'), 'text/javascript']
  return null
}

/** A running server. */
export interface Server extends Disposable {
  readonly url: string
  /** What a page reports, as it sent it. */
  readonly reported: Promise<string>
}

/** A server of its own port; `isolated` pages may share memory among threads. */
export const serve = async (isolated: boolean): Promise<Server> => {
  const { promise: reported, resolve } = Promise.withResolvers<string>()
  const answer = (request: IncomingMessage): readonly [content: string, type: string] | null => {
    if (request.method !== 'POST') {
      try {
        return contentOf(new URL(request.url ?? '/', 'http://localhost').pathname)
      } catch {
        return null
      }
    }
    resolve(text(request))
    return ['', 'text/plain']
  }
  const server = createServer((request, response) => {
    const [content, type] = answer(request) ?? [null, 'text/plain']
    const headers = { 'content-type': type, ...(isolated ? isolating : {}) }
    response.writeHead(content === null ? 404 : 200, headers).end(content ?? '')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reported,
    [Symbol.dispose]: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
