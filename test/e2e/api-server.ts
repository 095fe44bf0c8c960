/** An API server of Kubernetes that knows one node, and a service account that may ask about it. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { makePki } from '../support/pki.ts'
import type { Node } from './node.ts'

const token = 'a-token'

/** The server as a program of its own: it runs on the node. */
const program = `
const [cert, key, port, token, node] = process.argv.slice(1)
const { createServer } = require('node:https')
const { readFileSync } = require('node:fs')
createServer({ cert: readFileSync(cert), key: readFileSync(key) }, ({ url, headers }, response) => {
  const say = (status, body) => { response.writeHead(status); response.end(JSON.stringify(body)) }
  if (headers.authorization !== 'Bearer ' + token) say(403, { message: 'nodes is forbidden' })
  else if (url !== '/api/v1/nodes/one') say(404, { message: 'nodes "' + url.split('/').at(-1) + '" not found' })
  else say(200, JSON.parse(node))
}).listen(Number(port), '127.0.0.1')
setTimeout(() => process.exit(), 120_000)`

export interface Account {
  /** What the pod's environment says of the server. */
  readonly env: Readonly<Record<string, string>>
  /** The directory that pods have at /var/run/secrets/kubernetes.io/serviceaccount. */
  readonly directory: string
}

/** Starts the server on a node. */
export async function startApiServer(t: Test, node: Node, answer: object): Promise<Account> {
  const place = mkdtempSync(join(tmpdir(), 'fairlead-api-'))
  t.teardown(() => node.sh(`rm -rf ${place}`))
  const pki = await makePki(place)
  const { cert, key } = await pki.issue('server')
  const port = 6443
  const words = [cert, key, String(port), token, JSON.stringify(answer)].map(each => `'${each}'`).join(' ')
  node.write(`${place}/server.cjs`, program)
  await node.sh(`setsid ${process.execPath} -e "$(cat ${place}/server.cjs)" ${words} >/dev/null 2>&1 </dev/null &
for n in $(seq 100); do curl -sk https://127.0.0.1:${port}/ >/dev/null && exit 0; sleep 0.1; done; exit 1`)
  writeFileSync(join(place, 'token'), token)
  writeFileSync(join(place, 'ca.crt'), readFileSync(pki.ca))
  return { env: { KUBERNETES_SERVICE_HOST: '127.0.0.1', KUBERNETES_SERVICE_PORT: String(port) }, directory: place }
}
