import t from 'tap'
import { defaultConfig } from '../../lib/agent/overlay/config.ts'
import { defaultSocket } from '../../lib/ipam/dhcp.ts'
import { textOf } from '../support/example.ts'

/** The values of a key of a unit in `conf`. */
const unit = (name: string) => {
  const text = textOf(`conf/${name}`)
  return (key: string) => [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value)
}
const directory = /^CNI_BIN_DIR \?= (.*)$/m.exec(textOf('Makefile'))?.[1]

t.test('the unit that reconciles runs the installed executable, after what takes our objects away', async t => {
  const valuesOf = unit('fairlead-reconcile.service')
  const command = `${directory}/fairlead reconcile`
  t.same([valuesOf('ExecStart'), valuesOf('ExecReload')], [[command], [command]])
  const after = valuesOf('After').join(' ').split(' ')
  for (const key of ['PartOf', 'ReloadPropagatedFrom', 'Wants']) {
    for (const other of valuesOf(key).join(' ').split(' ')) t.ok(after.includes(other), `${key} ${other} comes first`)
  }
})

t.test('the DHCP daemon is the installed executable, which its socket starts and its clients outlive', async t => {
  const [service, socket] = [unit('fairlead-dhcp.service'), unit('fairlead-dhcp.socket')]
  t.same(service('ExecStart'), [`${directory}/fairlead dhcp daemon`])
  t.same(service('KillMode'), ['process'])
  t.same(socket('ListenStream'), [defaultSocket])
  t.same([...socket('SocketMode'), ...socket('SocketUser')], ['0660', 'root'])
  for (const key of ['Requires', 'After', 'Also']) t.same(service(key), ['fairlead-dhcp.socket'], key)
})

t.test('the agent is the installed executable, and runs where it has a configuration', async t => {
  const valuesOf = unit('fairlead-agent.service')
  t.same(valuesOf('ExecStart'), [`${directory}/fairlead agent`])
  t.same(valuesOf('ConditionPathExists'), [defaultConfig])
})

t.test('units stay in the mount namespace of the host, in which records are judged', async t => {
  for (const name of ['fairlead-reconcile.service', 'fairlead-dhcp.service', 'fairlead-agent.service']) {
    const moves = /^(Private|Protect|ReadOnly|ReadWrite|Inaccessible|Bind|TemporaryFileSystem|Root|Dynamic)\w*=/m
    t.notMatch(textOf(`conf/${name}`), moves, name)
  }
})
