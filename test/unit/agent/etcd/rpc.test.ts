import { cpSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import t from 'tap'

const root = resolve(import.meta.dirname, '../../../..')
const own = join(root, 'lib/agent/etcd')

t.test('the code of messages is what `make generate` makes of rpc.proto', async t => {
  const place = t.testdir()
  for (const file of ['rpc.proto', 'buf.gen.yaml']) cpSync(join(own, file), join(place, file))
  const bin = join(root, 'node_modules/.bin')
  const env = { PATH: `${bin}:${process.env.PATH}`, BUF_CACHE_DIR: join(place, 'cache') }
  await execa(join(bin, 'buf'), ['generate'], { cwd: place, env })
  t.equal(readFileSync(join(place, 'rpc_pb.ts'), 'utf8'), readFileSync(join(own, 'rpc_pb.ts'), 'utf8'))
})
