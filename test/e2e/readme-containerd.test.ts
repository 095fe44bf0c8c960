/** What the README tells somebody with containerd to type, typed. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import t, { type Test } from 'tap'
import { fairlead } from '../support/host.ts'
import { steps } from '../support/readme-steps.ts'
import { until } from '../support/until.ts'
import { criClient } from './cri.ts'
import { containerd1, socket, startContainerd } from './daemon.ts'
import { makeFresh } from './fresh.ts'
import { tidyGroups } from './groups.ts'
import { nothingLeft, presentOn } from './left.ts'
import { type Node, startNode } from './node.ts'
import { endPod, startPod } from './pods.ts'
import { nerdctlProgram } from './program.ts'
import { startRegistry } from './registry.ts'

const deadline = 110_000
const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
const env = { PATH: `${process.env.PATH}:/usr/local/bin:${dirname(fairlead)}` }

/** A node that has containerd running, and whoever types there. */
async function prepare(t: Test, plugins: string) {
  const node = await startNode(t)
  t.teardown(() => tidyGroups())
  await makeFresh(node)
  await node.sh('rm -r /opt/cni')
  await startContainerd(t, node, plugins, containerd1)
  await startRegistry(t, node)
  const type = (step = 'false') => node.run(['sh', '-ec', step], { env, deadline: 60_000 })
  return { node, type }
}

async function withCtr(t: Test): Promise<void> {
  const { node, type } = await prepare(t, '/opt/cni/bin')
  const [setUp, run, ...others] = steps(readme, '### containerd')
  t.same(others, [], 'there are no more steps')
  await type(setUp)
  const before = await presentOn(node)
  const said = await type(run)
  t.match(said, /inet 10\.77\.0\.\d+\/16/, 'a container has an address')
  t.match(said, '1 packets received', 'and reaches its gateway')
  await nothingLeft(t, node, before, ['cni0'])
}

async function withNerdctl(t: Test): Promise<void> {
  const { node, type } = await prepare(t, '/opt/cni/bin')
  await node.sh(`ln -s ${await nerdctlProgram()} /usr/local/bin/nerdctl`)
  node.write('/etc/nerdctl/nerdctl.toml', 'cgroup_manager = "cgroupfs"\n')
  const before = await presentOn(node)
  const [run, remove, ...others] = steps(readme, '### nerdctl')
  t.same(others, [], 'there are no more steps')
  const said = await type(run)
  t.match(said, /^[0-9a-f]{12}$/m, 'the published port shows a name of a container')
  t.match(said, /inet 10\.98\.7\.\d+\/24/, 'a container has an address of another network')
  await type(remove)
  await nothingLeft(t, node, before, ['nerdctl0'])
}

async function asNode(t: Test): Promise<void> {
  const { node, type } = await prepare(t, '/usr/lib/cni')
  const cri = criClient(node.path(socket))
  t.teardown(() => cri.close())
  const ready = async () => (await cri.networkReady()) === 'yes' || undefined
  t.notOk(await ready(), 'the kubelet takes the node for not ready')
  const [install, look, ...others] = steps(readme, '### Kubernetes')
  t.same(others, [], 'there are no more steps')
  await type(install)
  t.ok(await until(ready), 'then for ready')
  await podsCome(t, node, cri, () => type(look))
}

async function podsCome(t: Test, node: Node, cri: ReturnType<typeof criClient>, look: () => Promise<string>) {
  const before = await presentOn(node)
  const pods = { node, cri, release: containerd1 }
  const pod = await startPod(pods, { name: 'one', port: 18_080 })
  t.match(await cri.addressesOf(pod), [/^10\.244\.1\./, /^fd44:1::/], 'a pod has an address of each subnet')
  t.match(await look(), 'bridge of network pods', 'what is kept for it is shown')
  await endPod(pods, pod)
  await nothingLeft(t, node, before, ['pods0'])
}

for (const [heading, body] of [
  ['containerd', withCtr],
  ['nerdctl', withNerdctl],
  ['Kubernetes', asNode],
] as const) {
  t.test(`the steps of the README for ${heading}`, { timeout: deadline }, body)
}
