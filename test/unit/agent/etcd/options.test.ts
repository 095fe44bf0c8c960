import t from 'tap'
import { etcdOptions } from '../../../../lib/agent/etcd/options.ts'
import { decode } from '../../../../lib/cni/decode.ts'
import type { Json } from '../../../../lib/cni/json.ts'

const read = (value: Json) => decode(etcdOptions, value, 'etcd').value

t.test('options have a prefix by default, and keys in any case', async t => {
  t.same(read({ endpoints: ['http://10.0.0.1:2379'] }), {
    endpoints: ['http://10.0.0.1:2379'],
    prefix: '/fairlead/v1/',
  })
  const whole = {
    endpoints: ['https://etcd-1.example:2379/', 'https://[fd00::1]:2379', 'https://etcd'],
    ca: '/etc/ca.pem',
    cert: '/etc/cert.pem',
    keyFile: '/etc/key.pem',
    user: 'node',
    passwordFile: '/etc/password',
    prefix: '/a/b/',
  }
  t.same(read(whole), whole)
  t.match(read({ Endpoints: ['http://a'], PREFIX: '/x/' }), { prefix: '/x/' })
})

const endpoints = ['https://10.0.0.1:2379']
const wrong: readonly (readonly [Json, RegExp])[] = [
  [{}, /etcd\.endpoints must be of type array/],
  [{ endpoints: [] }, /etcd\.endpoints must be at least 1|must name at least one/],
  [{ endpoints: ['10.0.0.1:2379'] }, /etcd\.endpoints\[0\] must be a URL as https:/],
  [{ endpoints: ['https://user:word@10.0.0.1'] }, /must be a URL/],
  [{ endpoints: ['https://10.0.0.1/path'] }, /must be a URL/],
  [{ endpoints, prefix: 'fairlead/' }, /etcd\.prefix must begin and end with \//],
  [{ endpoints, prefix: '/' }, /begin and end/],
  [{ endpoints, prefix: '/a b/' }, /begin and end/],
  [{ endpoints, keyFile: 'key.pem', cert: '/c' }, /etcd\.keyFile must be an absolute path/],
  [{ endpoints, cert: '/c' }, /etcd needs both cert and keyFile, or none of them/],
  [{ endpoints, user: 'a' }, /etcd needs both user and passwordFile/],
  [{ endpoints, passwordFile: '/p' }, /etcd needs both user and passwordFile/],
  [{ endpoints: ['http://10.0.0.1'], ca: '/ca' }, /etcd has a ca or cert, but endpoints without https/],
]
for (const [value, words] of wrong) {
  t.test(`refused: ${JSON.stringify(value)}`, async t => {
    t.throws(() => read(value), { code: 7, message: words })
  })
}

t.test('a password in the options is not known, and is not repeated in what is said of it', async t => {
  const { unknown } = decode(etcdOptions, { endpoints, password: 's3cret' }, 'etcd')
  t.match(unknown, [{ path: 'etcd.password' }])
  t.notMatch(JSON.stringify(unknown), /s3cret/)
})
