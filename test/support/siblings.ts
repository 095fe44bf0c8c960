/** Attachments of one container to several networks, all with the same ports. */
import type { Test } from 'tap'
import type { Host } from './host.ts'
import { checkPublished, mapping, type Published, portElements, row } from './publish.ts'

/** What every network publishes. */
export const mappings = [mapping(8080, 80), ...row(9000, 10), mapping(5353, 53, { protocol: 'udp' })]

/** The addresses that the ports lead to. */
export const leadTo = async (host: Host): Promise<string[]> =>
  [...new Set((await portElements(host)).map(each => each.split(' : ')[1]?.split(' ')[0] ?? ''))].toSorted()

/** The addresses of attachments. */
export const addresses = (...published: readonly Published[]): string[] =>
  published.flatMap(({ v4, v6 }) => [v4, v6]).toSorted()

/** CHECK of each succeeds. */
export async function checkAll(t: Test, host: Host, ...published: readonly Published[]): Promise<void> {
  for (const each of published) {
    const { code, stdout } = await checkPublished(host, each)
    t.equal(code, 0, `CHECK of ${each.ifName} ${stdout}`)
  }
}
