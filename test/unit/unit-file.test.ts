import t from 'tap'
import { textOf } from '../support/example.ts'

const text = textOf('conf/fairlead-reconcile.service')
const valuesOf = (key: string) => [...text.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value)

t.test('the systemd unit runs the installed executable, after what takes our objects away', async t => {
  const directory = /^CNI_BIN_DIR \?= (.*)$/m.exec(textOf('Makefile'))?.[1]
  const command = `${directory}/fairlead reconcile`
  t.same([valuesOf('ExecStart'), valuesOf('ExecReload')], [[command], [command]])
  const after = valuesOf('After').join(' ').split(' ')
  for (const key of ['PartOf', 'ReloadPropagatedFrom', 'Wants']) {
    for (const unit of valuesOf(key).join(' ').split(' ')) t.ok(after.includes(unit), `${key} ${unit} comes first`)
  }
})

t.test('it stays in the mount namespace of the host, in which records are judged', async t => {
  t.notMatch(text, /^(Private|Protect|ReadOnly|ReadWrite|Inaccessible|Bind|TemporaryFileSystem|Root|Dynamic)\w*=/m)
})
