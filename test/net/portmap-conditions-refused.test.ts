import t from 'tap'
import { must } from '../support/call.ts'
import { fairlead, type Host, type Sandbox, withHost } from '../support/host.ts'
import { confsOf, mapping, type Publication, publish, tryPublish, unpublish, ways } from '../support/publish.ts'

/** Words of either dialect that are no match, or none for packets of the family. */
const refused = [
  ['conditionsV4', '-s', '2001:db8::5'],
  ['conditionsV6', '-s', '1.2.3.4'],
  ['conditionsV4', '--bogus'],
  ['conditionsV4', '-j', 'ACCEPT'],
  ['conditionsV4', '-m', 'string', '--string'],
  ['conditionsV4', '-s', 'no.such.host'],
  ['conditionsV4', 'ip', 'saddr', '2001:db8::5'],
  ['conditionsV6', 'no such match'],
] as const

/** A host whose names are those of this text, of a file of hosts. */
const naming = (host: Host, names: string) =>
  host.sh(`umount /etc/hosts /etc/resolv.conf 2>/dev/null || :
printf '${names}\\n' > /run/hosts; : > /run/resolv.conf
mount --bind /run/hosts /etc/hosts; mount --bind /run/resolv.conf /etc/resolv.conf`)

async function delAll(host: Host, publication: Publication, netns: Sandbox): Promise<void> {
  for (const conf of confsOf(publication, [mapping(8080, 80)]).toReversed()) await must(host, 'DEL', conf, { netns })
}

const records = (host: Host) => host.sh('find /var/lib/cni/fairlead/attachments /var/lib/cni/fairlead/ports -type f')

for (const way of ways) {
  t.test(`conditions that are refused are named, and leave nothing, ${way}`, t =>
    withHost(t, async host => {
      await naming(host, '127.0.0.1 localhost')
      const a = await host.sandbox('a')
      for (const [key, ...words] of refused) {
        const said = `${key} ${words.join(' ')}`
        const publication = { way, keys: { [key]: words } }
        const { error } = await tryPublish(host, publication, a, [mapping(8080, 80)])
        t.match(error, { code: 7, msg: `"${key}": ` }, said)
        t.notMatch(await records(host), 'portmap', `${said}: the ADD that failed leaves no record`)
        await delAll(host, publication, a)
        t.equal(await records(host), '', `${said}: nothing is left`)
      }
      const right = await publish(host, { way, keys: { conditionsV4: ['-s', '192.0.2.2'] } }, a, [mapping(8080, 80)])
      t.equal((await host.exec([fairlead, 'gc'])).code, 0)
      await unpublish(host, right)
    }),
  )

  t.test(`a name that no longer resolves keeps no container from going, ${way}`, t =>
    withHost(t, async host => {
      await naming(host, '192.0.2.7 client.example')
      const [a, b] = [await host.sandbox('a'), await host.sandbox('b')]
      const keys = { conditionsV4: ['-s', 'client.example'] }
      const first = await publish(host, { way, keys }, a, [mapping(8080, 80)])
      const second = await publish(host, { way, keys }, b, [mapping(8081, 80)])
      const rules = () => host.sh('iptables-save -t nat; ip6tables-save -t nat')
      t.match(await rules(), /-s 192\.0\.2\.7\/32 .*-j CNI-DN-/)
      await naming(host, '127.0.0.1 localhost')
      await unpublish(host, first)
      t.notMatch(await rules(), '8080', 'what is gone has no rule')
      t.match(await rules(), '8081', 'what stands has its own')
      await unpublish(host, second)
      t.notMatch(await rules(), 'CNI-DN-')
      t.equal(await records(host), '')
    }),
  )
}
