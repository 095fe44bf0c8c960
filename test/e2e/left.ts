/** What containers leave behind on a node: nothing. */
import type { Test } from 'tap'
import type { Host } from '../support/host.ts'
import { until } from '../support/until.ts'

/** Where containers are attached. */
type Place = Pick<Host, 'exec' | 'sh'>

type Left = Readonly<Record<string, readonly string[]>>

const lines = (text: string): readonly string[] => text.split('\n').filter(Boolean)

/** The kinds of things, and the question that lists them; leases, records and results of the runtimes' library. */
const questions = {
  leases: 'find /var/lib/cni/networks -type f ! -name "last_reserved_ip*" ! -name lock 2>/dev/null || :',
  records: 'find /var/lib/cni/fairlead/attachments -type f 2>/dev/null || :',
  results: 'find /var/lib/cni/results -type f 2>/dev/null || :',
  rules: `iptables-save 2>/dev/null | grep 'id: ' || :; ip6tables-save 2>/dev/null | grep 'id: ' || :`,
  namespaces: 'ls /run/netns 2>/dev/null || :',
  links: `ip -o link | cut -d: -f2 | tr -d ' ' | cut -d@ -f1 | grep -vE '^lo$' || :`,
  processes: `cat /proc/[0-9]*/comm 2>/dev/null | grep -vE '^(cat|grep|sh|sort|nsenter)$' | sort`,
} as const

const tables = ['inet', 'bridge'] as const

/** A bridge with a policy is known by a pair of its name, kept as the bridge is. */
const bridges = /"([^"]+)" \. "\1",?\s*/g

async function elements(place: Place): Promise<readonly string[]> {
  const texts = await Promise.all(tables.map(family => place.exec(['nft', 'list', 'table', family, 'fairlead'])))
  const found = texts.flatMap(({ stdout }) => stdout.match(/elements = \{[^}]*\}/g) ?? [])
  return found.filter(text => !/^elements = \{\s*\}$/.test(text.replace(bridges, '')))
}

/** All that is there now. */
export async function presentOn(place: Place): Promise<Left> {
  const found: Record<string, readonly string[]> = {}
  // One at a time: they are processes of the node themselves.
  for (const [kind, question] of Object.entries(questions)) found[kind] = lines(await place.sh(question))
  return { ...found, elements: await elements(place) }
}

/** What is there now and was not before. */
function since(before: Left, now: Left, expected: readonly string[]): Left {
  const added = Object.entries(now).map(([kind, found]) => {
    const known = [...(before[kind] ?? []), ...expected]
    const fresh = found.filter(each => {
      const at = known.indexOf(each)
      if (at >= 0) known.splice(at, 1)
      return at < 0
    })
    return [kind, fresh] as const
  })
  return Object.fromEntries(added.filter(([, fresh]) => fresh.length > 0))
}

/**
 * Asserts that nothing stays; processes may take a moment to end.
 *
 * @param expected names of links and processes that are not the containers' own, such as bridges
 */
export async function nothingLeft(
  t: Test,
  place: Place,
  before: Left,
  expected: readonly string[] = [],
): Promise<void> {
  let left: Left = {}
  await until(async () => {
    left = since(before, await presentOn(place), expected)
    return Object.keys(left).length === 0 ? true : undefined
  }, 3_000)
  for (const kind of [...Object.keys(questions), 'elements']) t.same(left[kind] ?? [], [], `no ${kind} are left`)
}
