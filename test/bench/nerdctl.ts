/** A session of nerdctl: networks, containers on one and on two of them, stop and start, and all of it removed. */
import { containerd1, ctrOf, startContainerd } from '../e2e/daemon.ts'
import { server } from '../e2e/image.ts'
import { nerdctlOn, runner } from '../e2e/nerdctl.ts'
import { type Node, startNode } from '../e2e/node.ts'
import { nerdctlProgram } from '../e2e/program.ts'
import { binsOf, rowsOfEach } from './builds.ts'
import { median, type Row, ratio, type Setting } from './row.ts'
import { timeOf, withScope } from './scope.ts'

const [warmUp, runs] = [1, 5]
const networks = ['ta', 'tb', 'tc']

/** Each command is one start of nerdctl. */
async function session(node: Node, file: string, bin: string): Promise<void> {
  const nerdctl = nerdctlOn(node, file, bin)
  const run = runner(nerdctl, node)
  const sleeper = (options: string) => run(`-d ${options}`, 'sleep 3000')
  for (const [index, name] of networks.entries()) {
    const six = index === 2 ? ' --ipv6 --subnet fd99:33::/64' : ''
    await nerdctl(`network create --subnet 10.99.3${index}.0/24${six} ${name}`)
  }
  await run('-d --name n1 -p 18080:80', server.join(' '))
  await sleeper('--name n2 --network ta --ip 10.99.30.50 --mac-address 02:00:00:00:30:50')
  await sleeper('--name n3 --network tc --ip6 fd99:33::77')
  await sleeper('--name n4 --network ta --network tb')
  await nerdctl('stop -t 0 n1')
  await nerdctl('start n1')
  const all = (await node.run([ctrOf(containerd1), 'containers', 'list', '-q'])).split('\n')
  await nerdctl(`rm -f ${all.join(' ')}`)
  await nerdctl(`network rm ${networks.join(' ')}`)
}

/** Medians in seconds, the sides in turn. */
async function measure(bins: readonly string[], file: string): Promise<readonly number[]> {
  return withScope(async scope => {
    const nodes = await Promise.all(bins.map(() => startNode(scope)))
    for (const [index, node] of nodes.entries()) {
      // As `fairlead install --profile nerdctl` has it.
      node.write('/etc/cni/fairlead.json', '{"backend": "iptables"}')
      await startContainerd(scope, node, bins[index] ?? '', containerd1)
    }
    const times = nodes.map((): number[] => [])
    for (let run = -warmUp; run < runs; run++) {
      for (const [index, node] of nodes.entries()) {
        const ms = await timeOf(() => session(node, file, bins[index] ?? ''))
        if (run >= 0) times[index]?.push(ms)
      }
    }
    return times.map(each => median(each) / 1_000)
  })
}

/** Of the full form alone: a session takes seconds. */
export async function nerdctlRows(setting: Setting): Promise<Row[]> {
  const { short, peer, why } = setting
  if (short) return []
  return rowsOfEach(setting, await measure(binsOf(setting), await nerdctlProgram()), (mine, theirs) => [
    {
      what: 'a session of nerdctl: 3 networks, 4 containers',
      unit: 's',
      ours: mine,
      peer: theirs,
      value: ratio(mine, theirs),
      bar: 1.7,
      relative: true,
      noisy: true,
      note: peer ? `medians of ${runs}` : why,
    },
  ])
}
