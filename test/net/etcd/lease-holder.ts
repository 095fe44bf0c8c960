/** Keeps a lease, a key under it, and says when one is granted: a process to be frozen. */
import { openEtcd } from '../../../lib/agent/etcd/client.ts'

const [seconds = '', ...endpoints] = process.argv.slice(2)
const etcd = openEtcd({ endpoints, prefix: '/fairlead/v1/' })
const lease = etcd.keepLease(Number(seconds), id => {
  const put = etcd.put('alive/holder', 'boot', id)
  put
    .then(() => process.stdout.write(`${id.toString(16).padStart(16, '0')}\n`))
    .catch(error => process.stderr.write(`${error}\n`))
})
process.once('SIGTERM', async () => {
  process.stdout.write(`grants ${lease.grants}\n`)
  await etcd.close()
})
