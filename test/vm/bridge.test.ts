import t from 'tap'
import { withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { checkPublished, elements, mapping, publish, unpublish } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'

t.test('a bridge network with an address, masquerade and a published port comes, holds and goes', t =>
  withHost(t, async host => {
    const [outside, sandbox] = [await machine(host), await host.sandbox('a')]
    const published = await publish(host, { way: 'single' }, sandbox, [mapping(8080, 80)])
    await Promise.all([serve(t, host, sandbox, 80), serve(t, host, outside, 80)])
    t.equal(await ask(outside, '192.0.2.1', 8080), '192.0.2.2', 'the container sees who asks from outside')
    t.equal(await ask(sandbox, '192.0.2.2', 80), '192.0.2.1', 'outside the container is masqueraded')
    t.match(await checkPublished(host, published), { code: 0, stdout: '', stderr: '' }, 'CHECK finds everything')
    await unpublish(host, published)
    t.equal(await ask(outside, '192.0.2.1', 8080), undefined, 'the port is closed')
    t.same(await sandbox.ip('link', 'show', 'type', 'veth'), [], 'no link is left')
    t.same(await elements(host), [], 'no rule is left')
  }),
)
