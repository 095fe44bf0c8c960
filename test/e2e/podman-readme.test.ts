/** What the README tells somebody with podman to type, typed. */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import t from 'tap'
import { fairlead } from '../support/host.ts'
import { steps } from '../support/readme-steps.ts'
import { removeGroups } from './groups.ts'
import { nothingLeft, presentOn } from './left.ts'
import { type Node, withNode } from './node.ts'
import { machineConf } from './podman.ts'
import { addUser, pause } from './user.ts'

const deadline = 110_000
const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8')
const says = 'it works'

/** A machine on which nobody has set podman up yet, but for what it lacks of a machine of its own. */
async function prepare(node: Node): Promise<void> {
  await node.sh(`
rm /opt/cni/bin
cp -a /etc/containers /run/containers.etc
mount --bind /run/containers.etc /etc/containers`)
  node.write('/etc/containers/containers.conf.d/10-machine.conf', machineConf)
}

t.test('the steps of the README with podman', { timeout: deadline }, t => {
  // podman's own parent of cgroups, as it has when nobody names one.
  t.teardown(() => removeGroups('libpod_parent'))
  return withNode(t, async node => {
    await prepare(node)
    const env = { PATH: `${process.env.PATH}:${dirname(fairlead)}` }
    const type = (step: string) => node.run(['sh', '-ec', step], { env, deadline: 60_000 })
    const before = await presentOn(node)
    const [setUp = '', run = '', remove = ''] = steps(readme, '### podman')
    await type(setUp)
    const said = (await type(run)).split('\n')
    t.same(said.slice(-2), [says, says], 'the machine reaches the container, and so does its neighbour')
    t.match(await type('fairlead explain'), 'portmap of network home', 'what is kept for it is shown')
    await type(remove)
    await nothingLeft(t, node, before)
  })
})

t.test('the steps of the README with podman without root', { timeout: deadline }, t =>
  withNode(t, async node => {
    await prepare(node)
    const user = await addUser(node)
    const [root = '', run = '', look = ''] = steps(readme, '### podman without root')
    await node.run(['sh', '-ec', root])
    const before = await presentOn(node)
    const type = async (step: string) => {
      const { code, stdout, stderr } = await user.exec(['sh', '-ec', step], { deadline: 60_000 })
      if (code !== 0) throw new Error(`${step}: exit ${code}: ${stdout}${stderr}`)
      return stdout.trim().split('\n')
    }
    t.same((await type(run)).slice(-2), [says, says], 'the machine reaches the container, and so does its neighbour')
    const seen = (await type(look)).join('\n')
    t.match(seen, 'bridge of network mine', 'what is kept for it is shown')
    t.match(seen, /^ok +leftovers: /m, 'and in order')
    await nothingLeft(t, node, before, pause)
  }),
)
