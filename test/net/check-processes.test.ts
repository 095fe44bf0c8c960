import t from 'tap'
import { bridgeConf, call, hostLocal, must } from '../support/call.ts'
import { withHost } from '../support/host.ts'

/** A program that leaves a line for each of its starts, and does what nft does. */
const counting = `mkdir /run/counting
printf '#!/bin/sh\\necho started >>/run/counting/starts\\nexec %s "$@"\\n' "$(command -v nft)" >/run/counting/nft
chmod +x /run/counting/nft`

const mappings = [{ hostPort: 8080, containerPort: 80, protocol: 'tcp' }]

for (const [families, ...subnets] of [
  ['IPv4 alone', '10.88.0.0/16'],
  ['both families', '10.88.0.0/16', 'fd00:88::/64'],
] as const) {
  t.test(`CHECK finds every rule of a published, isolated network with three starts of nft: ${families}`, t =>
    withHost(t, async host => {
      const netns = await host.sandbox('a')
      const rules = { ipMasq: true, isolation: 'same-network', runtimeConfig: { portMappings: mappings } }
      const conf = bridgeConf({ ...rules, ipam: hostLocal(...subnets) })
      const prevResult = await must(host, 'ADD', conf, { netns })
      await host.sh(counting)
      const env = { PATH: `/run/counting:${process.env.PATH}` }
      const check = async () => {
        await host.sh(': >/run/counting/starts')
        const ran = await call(host, 'CHECK', { ...conf, prevResult }, { netns, env })
        return { ...ran, starts: Number(await host.sh('grep -c . /run/counting/starts')) }
      }
      const well = await check()
      t.match(well, { code: 0, stdout: '' })
      t.ok(well.starts > 0 && well.starts <= 3, `${well.starts} starts where all is well`)
      await host.sh('nft flush chain inet fairlead masq')
      const faulty = await check()
      t.match(faulty.error, { msg: /masq/ })
      t.ok(faulty.starts <= 9, `${faulty.starts} starts to find what is not`)
    }),
  )
}
