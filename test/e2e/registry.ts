/** A registry of images with the name of the one that everybody uses, and one image: of busybox, as of all tests. */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makePki } from '../support/pki.ts'
import { oci } from './image.ts'
import type { Node, Scope } from './node.ts'

const host = 'registry-1.docker.io'

/** As a program of its own: it runs on the node. Clients ask for the index by a tag, and for all else by its digest. */
const program = `
const [cert, key, oci] = process.argv.slice(2)
const { createServer } = require('node:https')
const { readFileSync } = require('node:fs')
const [{ digest, mediaType }] = JSON.parse(readFileSync(oci + '/index.json')).manifests
createServer({ cert: readFileSync(cert), key: readFileSync(key) }, ({ url, method }, response) => {
  const [, kind, name] = /^\\/v2\\/library\\/busybox\\/(manifests|blobs)\\/([^?]+)/.exec(url) ?? []
  const wanted = name === 'latest' ? digest : name
  let body
  try {
    body = readFileSync(oci + '/blobs/' + wanted.replace(':', '/'))
  } catch {
    response.writeHead(404).end()
    return
  }
  const type = kind === 'manifests' ? mediaType : 'application/octet-stream'
  response.writeHead(200, { 'content-type': type, 'content-length': body.length, 'docker-content-digest': wanted })
  response.end(method === 'HEAD' ? undefined : body)
}).listen(443, '127.0.0.1')
setTimeout(() => process.exit(), 300_000)`

/** Starts it on a fresh node with containerd, which trusts it from then on. */
export async function startRegistry(t: Scope, node: Node): Promise<void> {
  const place = mkdtempSync(join(tmpdir(), 'fairlead-registry-'))
  t.teardown(() => node.sh(`rm -rf ${place}`))
  const pki = await makePki(place)
  const { cert, key } = await pki.issue(host)
  node.write(`${place}/server.cjs`, program)
  await node.sh(`echo 127.0.0.1 ${host} >>/etc/hosts
cat ${pki.ca} >>/etc/ssl/certs/ca-certificates.crt
setsid ${process.execPath} ${place}/server.cjs ${cert} ${key} ${oci} >/dev/null 2>&1 </dev/null &
for n in $(seq 100); do curl -s https://${host}/ >/dev/null && exit 0; sleep 0.1; done; exit 1`)
}
