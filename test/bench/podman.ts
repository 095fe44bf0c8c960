/** A session of podman on machines of its own, one with our plugins and one with the peer's, in turn. */
import { image, server } from '../e2e/image.ts'
import { lan, makeLan } from '../e2e/lan.ts'
import { type Node, startNode } from '../e2e/node.ts'
import { env, startPodman } from '../e2e/podman.ts'
import { commands, names } from '../e2e/podman-networks.ts'
import { binsOf, rowsOfEach } from './builds.ts'
import { median, type Row, ratio, type Setting } from './row.ts'
import { timeOf, withScope } from './scope.ts'

const runs = 3
const deadline = 300_000
const page = 'curl -sSf -m5 http://127.0.0.1:18080/'

/** What somebody types who makes networks, runs containers on them and takes all of it away; each line may not fail. */
function session({ group }: Node): string {
  const run = (options: string, words: string) => `run --cgroup-parent /${group} ${options} ${image} ${words}`
  const sleeper = (options: string) => run(`-d ${options}`, 'sleep 3000')
  const words = [
    ...commands,
    run('-d --name c1 --network tnet --ip 10.99.1.50 -p 18080:80 -p 127.0.0.1:18081:80', server.join(' ')),
    sleeper('--name c2 --network tnet'),
    'exec c2 ping -c1 -W2 10.99.1.50',
    sleeper('--name i1 --network tiso --ip 10.99.3.77 --ip6 fd99:3::77'),
    sleeper('--name i2 --network tiso2'),
    run('--rm --network tint', 'ip route'),
    sleeper(`--name m1 --network tmac --ip ${lan.container}`),
    'network connect --ip 10.99.6.9 tiso2 c1',
    'exec c1 ip -4 address show eth1',
    'network disconnect tiso2 c1',
    'network reload c1',
    'restart -t 0 c1',
  ]
  const ending = ['rm -f -t 0 -a', `network rm ${names.join(' ')}`]
  const told = (list: readonly string[]) => list.map(each => `podman ${each}`)
  return [...told(words), page, ...told(ending)].map(line => `${line} >/dev/null`).join('\n')
}

async function seconds(node: Node): Promise<number> {
  return (await timeOf(() => node.run(['sh', '-ec', session(node)], { env, deadline }))) / 1_000
}

/** The medians of each directory of plugins. */
async function measure(bins: readonly string[]): Promise<readonly number[]> {
  return withScope(async scope => {
    const nodes: Node[] = []
    for (const bin of bins) {
      const node = await startNode(scope)
      await startPodman(node, bin)
      await makeLan(node)
      nodes.push(node)
    }
    const times = nodes.map((): number[] => [])
    for (let run = -1; run < runs; run++) {
      for (const [index, node] of nodes.entries()) {
        const time = await seconds(node)
        if (run >= 0) times[index]?.push(time)
      }
    }
    return times.map(median)
  })
}

/** In the full form only: it takes minutes. */
export async function podmanRows(setting: Setting): Promise<Row[]> {
  const { short, peer, why } = setting
  if (short) return []
  return rowsOfEach(setting, await measure(binsOf(setting)), (mine, theirs) => [
    {
      what: `podman, ${names.length} networks: a session that makes, runs and removes`,
      unit: 's',
      ours: mine,
      peer: theirs,
      value: ratio(mine, theirs),
      bar: 2,
      relative: true,
      noisy: true,
      note: peer ? `medians of ${runs} in turn` : why,
    },
  ])
}
