import t from 'tap'
import { etcdHost } from '../support/etcd.ts'

await etcdHost(t, 'claims.ts')
