import t from 'tap'
import { readConfig } from '../../../../lib/agent/overlay/config.ts'
import { fakeHost } from '../../../../lib/host/fake.ts'
import { textOf } from '../../../support/example.ts'

const read = (text: string) =>
  readConfig(fakeHost({ files: { '/a.json': text, '/etc/machine-id': 'abc\n' } }), '/a.json')
const etcd = { endpoints: ['http://192.0.2.1:2379'] }

t.test('the file that the repository shows is one', async t => {
  t.match(await read(textOf('conf/fairlead-agent.json')), { listen: '127.0.0.1:9469', etcd: { user: 'fairlead' } })
})

t.test('a host is known by its machine’s number, whatever its name', async t => {
  const [one, two] = [await read(JSON.stringify({ etcd, name: 'a' })), await read(JSON.stringify({ etcd, name: 'b' }))]
  t.equal(one.id, two.id)
  t.match(one, { name: 'a', id: /^[0-9a-f]{12}$/, confDir: '/etc/cni/net.d', lease: 30 })
})

const wrong: Readonly<Record<string, readonly [string, RegExp]>> = {
  'no etcd': ['{}', /etcd must be/],
  'no endpoints': ['{"etcd":{"endpoints":[]}}', /Cannot use \/a\.json: etcd\.endpoints must/],
  'an endpoint that is no URL': ['{"etcd":{"endpoints":["192.0.2.1"]}}', /must be a URL/],
  'a user without a password': [JSON.stringify({ etcd: { ...etcd, user: 'x' } }), /needs both user and passwordFile/],
  'a port alone': [JSON.stringify({ etcd, listen: '9469' }), /listen must be ADDRESS:PORT/],
  'a mistyped key': [JSON.stringify({ etcd, confdirs: '/x' }), /unknown key "confdirs": did you mean "confDir"\?/],
  'a lease of a second': [JSON.stringify({ etcd, lease: 1 }), /lease must be at least 5/],
  'no JSON': ['etcd:', /JSON/],
}

for (const [what, [text, message]] of Object.entries(wrong)) {
  t.test(`a configuration with ${what} is refused`, t => t.rejects(read(text), { message }))
}

t.test('a file that is not there is named, with what to write', t =>
  t.rejects(readConfig(fakeHost(), '/b.json'), { message: /Cannot read \/b\.json.*"endpoints"/ }),
)
