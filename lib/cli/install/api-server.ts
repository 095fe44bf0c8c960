/** Asking the API server of Kubernetes about a node, from within a pod. */
import { readFile } from 'node:fs/promises'
import { request } from 'node:https'
import { json } from 'node:stream/consumers'
import { CniError, code } from '../../cni/error.ts'
import { isObject, type JsonObject } from '../../cni/json.ts'
import type { Host } from '../../host/host.ts'

/** Where Kubernetes puts what a pod proves itself by. */
const account = '/var/run/secrets/kubernetes.io/serviceaccount'

const deadline = 10_000

interface Answer {
  readonly status: number
  readonly body: unknown
}

function get(url: URL, token: string, ca: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' }
    const asked = request(url, { ca, headers, timeout: deadline }, response => {
      json(response).then(body => resolve({ status: response.statusCode ?? 0, body }), reject)
    })
    asked.on('timeout', () => asked.destroy(new Error(`no answer within ${deadline / 1000} s`)))
    asked.on('error', reject)
    asked.end()
  })
}

const failed = (node: string, why: string): CniError =>
  new CniError(code.io, `Cannot ask the API server about node ${node}: ${why}`)

/** The host and port of the API server, which Kubernetes gives to every pod. */
function serverOf(host: Host, node: string): string {
  const name = host.env('KUBERNETES_SERVICE_HOST')
  if (!name) throw failed(node, 'this is no pod: KUBERNETES_SERVICE_HOST is not set.')
  return `${name.includes(':') ? `[${name}]` : name}:${host.env('KUBERNETES_SERVICE_PORT') || '443'}`
}

/**
 * The node, as `kubectl get node NAME -o json` prints it.
 *
 * @throws CniError 5 where it cannot be had
 */
export async function nodeFromApi(host: Host, node: string): Promise<JsonObject> {
  const server = serverOf(host, node)
  const read = (name: string) =>
    readFile(`${account}/${name}`, 'utf8').catch(error => {
      throw failed(node, `${error.message}. Give the pod a service account`)
    })
  const [token, ca] = [await read('token'), await read('ca.crt')]
  const url = new URL(`https://${server}/api/v1/nodes/${encodeURIComponent(node)}`)
  const { status, body } = await get(url, token.trim(), ca).catch(error => {
    throw failed(node, error instanceof Error ? error.message : String(error))
  })
  if (status === 200 && isObject(body)) return body
  const why = isObject(body) && typeof body.message === 'string' ? body.message : 'it made no sense'
  const remedy = status === 403 ? '. Allow its service account to get nodes' : ''
  throw failed(node, `it answered ${status}: ${why}${remedy}`)
}
