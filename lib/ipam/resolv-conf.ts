/** resolv.conf(5) as DNS of a result. Pure. */

import { type Dns, tidyDns } from '../cni/result.ts'
import { wordsOf } from '../host/text.ts'

/** Reads nameserver, domain, search and options lines; comments, other keywords and empty ones are skipped. */
export function parseResolvConf(text: string): Dns {
  const nameservers: string[] = []
  const search: string[] = []
  const options: string[] = []
  let domain = ''
  for (const line of text.split('\n')) {
    if (/^\s*[#;]/.test(line)) continue
    const [keyword, ...values] = wordsOf(line)
    const [first] = values
    if (first === undefined) continue
    if (keyword === 'nameserver') nameservers.push(first)
    else if (keyword === 'domain') domain = first
    else if (keyword === 'search') search.push(...values)
    else if (keyword === 'options') options.push(...values)
  }
  return tidyDns({ nameservers, domain, search, options })
}
