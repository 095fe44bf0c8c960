import t from 'tap'
import { type Host, withHost } from '../support/host.ts'
import { machine } from '../support/outside.ts'
import { mapping, publish, ways } from '../support/publish.ts'
import { ask, serve } from '../support/talk.ts'
import { forget, respect, served } from '../support/vetting.ts'

/** The host's ufw as it was installed, with an `/etc` to write into, and forwarding left to others. */
async function withUfw(host: Host): Promise<(words: string) => Promise<string>> {
  await host.sh(`mkdir -p /run/etc/up /run/etc/work
mount -t overlay -o lowerdir=/etc,upperdir=/run/etc/up,workdir=/run/etc/work none /etc`)
  const ufw = (words: string) => host.sh(`ufw ${words}`)
  for (const words of ['--force reset', 'default deny incoming', 'default allow routed', '--force enable'])
    await ufw(words)
  return ufw
}

const both = ['192.0.2.1', '2001:db8::1']

for (const way of ways) {
  t.test(`ufw says who reaches a port, ${way}`, t =>
    withHost(t, async host => {
      const outside = await machine(host)
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      await publish(host, { way, keys: respect }, a, [mapping(8080, 80)])
      await publish(host, { way, network: 'net2' }, b, [mapping(8081, 80)])
      for (const each of [a, b]) await serve(t, host, each, 80)
      const ufw = await withUfw(host)
      t.equal(await served(outside, both, 8080), 'none', 'ufw lets nothing in')
      t.ok(await ask(outside, '192.0.2.1', 8081), 'where it is not respected, a port is open all the same')
      await ufw('allow 8080')
      t.equal(await served(outside, both, 8080), 'all')
      await ufw('delete allow 8080')
      await forget(host)
      t.equal(await served(outside, both, 8080), 'none')
      await ufw('allow from 192.0.2.0/24 to any port 8080 proto tcp')
      t.equal(await served(outside, ['192.0.2.1'], 8080), 'all')
      t.equal(await served(outside, ['2001:db8::1'], 8080), 'none')
      await ufw('default allow incoming')
      await ufw('deny 8080')
      await ufw('delete allow from 192.0.2.0/24 to any port 8080 proto tcp')
      await forget(host)
      t.equal(await served(outside, both, 8080), 'none', 'ufw deny 8080')
    }),
  )
}
