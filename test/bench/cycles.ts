/** What many ADD/DEL cycles leave behind: nothing. */
import { setTimeout as after } from 'node:timers/promises'
import type { Host } from '../support/host.ts'
import { rowsOfEach } from './builds.ts'
import type { Row, Setting } from './row.ts'
import { addNetns, bridgeAlone, dropNetns, type Side, withSides } from './side.ts'

const patience = 15_000
/** The kernel tells routes of a lost carrier, and addresses that they are nobody else's, within a second or so. */
const rest = 1_500

// Everything of the host that a plugin could leave something in; the allocation pointers move, as they should.
const questions = [
  'ip -o link',
  'ip -o address',
  'ip route show table all',
  'ip -6 route show table all',
  'nft list ruleset',
  'find /var/lib/cni /run | sort',
  'find /var/lib/cni /run -type f ! -name "last_reserved_ip.*" | sort | xargs -r -d "\\n" tail -n +1 --',
]

/** The host in lines of text. */
async function picture(host: Host): Promise<readonly string[]> {
  const answers = await Promise.all(questions.map(question => host.sh(question)))
  return answers.flatMap(answer => answer.split('\n'))
}

/** The host once nothing has changed for a while, and no address waits to be found free. */
async function settled(host: Host): Promise<readonly string[]> {
  const end = Date.now() + patience
  let [last, since] = [await picture(host), Date.now()]
  while (Date.now() - since < rest || last.some(line => line.includes('tentative'))) {
    if (Date.now() > end) throw new Error('the host does not come to rest')
    await after(100)
    const now = await picture(host)
    if (now.join('\n') !== last.join('\n')) [last, since] = [now, Date.now()]
  }
  return last
}

async function cycle(side: Side, id: string): Promise<void> {
  await addNetns(side, id)
  await side.add(id)
  await side.del(id)
  await dropNetns(side, id)
}

/** Lines of one list that the other lacks. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
  const left = [...others]
  return lines.filter(line => {
    const index = left.indexOf(line)
    if (index >= 0) left.splice(index, 1)
    return index < 0
  })
}

async function differences(bin: string, cycles: number): Promise<readonly string[]> {
  return withSides([bridgeAlone(bin)], async ([side]) => {
    if (!side) return []
    await cycle(side, 'warm')
    const before = await settled(side.host)
    for (let index = 0; index < cycles; index++) await cycle(side, `c${index}`)
    const then = await settled(side.host)
    return [...without(before, then).map(line => `- ${line}`), ...without(then, before).map(line => `+ ${line}`)]
  })
}

export async function cycleRows(setting: Setting): Promise<Row[]> {
  const cycles = setting.short ? 60 : 1_000
  const found: (readonly string[])[] = []
  for (const { bin } of setting.builds) found.push(await differences(bin, cycles))
  return rowsOfEach(setting, found, lines => [
    {
      what: `${cycles} ADD/DEL cycles: differences in links, addresses, routes, nft ruleset, files`,
      unit: '',
      ours: lines.length,
      value: lines.length,
      bar: 0,
      exact: true,
      ...(lines.length > 0 ? { note: lines.slice(0, 3).join('; ') } : {}),
    },
  ])
}
