import t from 'tap'
import { etcdHost } from '../support/etcd-host.ts'

await etcdHost(t, 'claims.ts')
