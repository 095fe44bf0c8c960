import t from 'tap'
import { CniError } from '../../../lib/cni/error.ts'
import { type Asked, type Request, readRequest } from '../../../lib/cni/request.ts'
import { versions } from '../../../lib/cni/version.ts'
import { fakeHost } from '../../../lib/host/fake.ts'

const environment = {
  CNI_CONTAINERID: 'c1',
  CNI_NETNS: '/run/netns/a',
  CNI_IFNAME: 'eth0',
  CNI_ARGS: 'A=b',
  CNI_PATH: '/opt/cni/bin::/usr/lib/cni',
}
const conf = '{"CniVersion": "1.0.0", "NAME": "net1", "type": "bridge"}'

interface Change {
  readonly command?: string
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

async function read(
  { command = 'ADD', env = {}, stdin = conf }: Change,
  told?: (asked: Asked) => void,
): Promise<Request> {
  const host = fakeHost({ env: { ...environment, ...env }, stdin })
  return readRequest(host, command, versions, told ?? (() => undefined))
}

const failure = (change: Change): Promise<unknown> =>
  read(change).then(
    () => undefined,
    error => error,
  )

t.test('a request has what environment and stdin say', async t => {
  t.match(await read({}), {
    operation: 'ADD',
    containerId: 'c1',
    netns: '/run/netns/a',
    ifName: 'eth0',
    args: 'A=b',
    path: ['/opt/cni/bin', '/usr/lib/cni'],
    network: 'net1',
    cniVersion: '1.0.0',
    text: conf,
  })
})

t.test('each fault is told before those that the reference looks for later', async t => {
  // Every row mends the fault of the row before, and keeps all that follow.
  const stdin = '{"name": "/", "cniVersion": "9"}'
  for (const [change, code, message] of [
    [{ command: 'add', env: { CNI_CONTAINERID: '/', CNI_PATH: '' }, stdin: '{' }, 4, 'unknown CNI_COMMAND: add'],
    [{ env: { CNI_CONTAINERID: '/', CNI_IFNAME: '/', CNI_PATH: '' }, stdin: '{' }, 4, /CNI_CONTAINERID/],
    [{ env: { CNI_IFNAME: '/', CNI_PATH: '' }, stdin: '{' }, 4, /CNI_IFNAME/],
    [{ env: { CNI_NETNS: '', CNI_PATH: '' }, stdin: '{' }, 4, 'required env variables [CNI_NETNS,CNI_PATH] missing'],
    [{ stdin: '{' }, 6, /no JSON/],
    [{ stdin: '{"cniVersion": 9}' }, 7, 'missing network name'],
    [{ stdin }, 7, /network name/],
    [{ stdin: '{"name": "net1", "cniVersion": 9}' }, 6, /cniVersion/],
    [{ stdin: '{"name": "net1", "cniVersion": "9"}' }, 1, 'incompatible CNI versions'],
  ] as const) {
    t.match(await failure(change), { constructor: CniError, code, message }, String(message))
  }
})

t.test('each operation needs its own variables', async t => {
  const all = ['CNI_CONTAINERID', 'CNI_NETNS', 'CNI_IFNAME', 'CNI_PATH']
  const env = Object.fromEntries(all.map(name => [name, '']))
  for (const [command, missing] of [
    ['ADD', all],
    ['CHECK', all],
    ['DEL', ['CNI_CONTAINERID', 'CNI_IFNAME', 'CNI_PATH']],
    ['GC', ['CNI_PATH']],
    ['STATUS', ['CNI_PATH']],
  ] as const) {
    t.match(await failure({ command, env }), { code: 4, message: `[${missing.join(',')}]` }, command)
  }
})

t.test('variables that an operation does not need are not looked at', async t => {
  const env = { CNI_CONTAINERID: '/', CNI_IFNAME: '/', CNI_NETNS: '/' }
  const stdin = '{"name": "net1", "cniVersion": "1.1.0"}'
  t.match(await read({ command: 'GC', env, stdin }), { operation: 'GC', network: 'net1' })
})

t.test('the configuration is told before the version is judged, for the error object', async t => {
  const told: Asked[] = []
  await t.rejects(
    read({ stdin: '{"name": "net1", "cniVersion": "9"}' }, asked => {
      told.push(asked)
    }),
    { code: 1 },
  )
  t.match(told, [{ cniVersion: '9', conf: { name: 'net1' } }])
})

t.test('stdin that cannot be read is an error of its own', async t => {
  const host = { ...fakeHost({ env: environment }), stdin: () => Promise.reject(new Error('EIO')) }
  await t.rejects(
    readRequest(host, 'ADD', versions, () => undefined),
    { code: 5 },
  )
})
