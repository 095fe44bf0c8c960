/** The IPsec of a kernel, as far as `ip xfrm` of a batch and of lists goes; it remembers every key that it was given. */
import type { Output } from '../../lib/host/host.ts'

interface Policy {
  readonly selector: string
  readonly direction: string
  readonly priority: string
  readonly template: string
}

const refused: Output = { code: 2, stdout: '', stderr: 'RTNETLINK answers: File exists\n' }
const absent: Output = { code: 2, stdout: '', stderr: 'RTNETLINK answers: No such file or directory\n' }
const done = (stdout = ''): Output => ({ code: 0, stdout, stderr: '' })

export class FakeXfrm {
  /** From `src dst spi` to the key. */
  readonly states = new Map<string, string>()
  readonly policies = new Map<string, Policy>()
  /** Everything that was ever added, with its ends. */
  readonly added: string[] = []
  /** What `ip` was given on command lines. */
  readonly words: string[] = []
  /** It has no ESP. */
  lacks = false
  /** Lines until one is refused. */
  fails = Number.POSITIVE_INFINITY

  run = async (argv: readonly string[], stdin = ''): Promise<Output> => {
    this.words.push(argv.join(' '))
    if (argv.includes('state')) return done(this.#listStates())
    if (argv.includes('policy')) return done(this.#listPolicies())
    for (const line of stdin.split('\n').filter(Boolean)) {
      if (--this.fails < 0) return { code: 255, stdout: '', stderr: `Error: argument "${line}" is wrong\n` }
      const output = this.#line(line)
      if (output.code !== 0) return output
    }
    return done()
  }

  #line(line: string): Output {
    const state = /^xfrm state (add|delete) src (\S+) dst (\S+) proto esp spi (\S+)(?:.* (0x[\da-f]{72}) 128)?$/.exec(
      line,
    )
    if (state) {
      const [, verb, src, dst, spi, key = ''] = state
      const name = `${src} ${dst} ${spi}`
      if (this.lacks) return { code: 2, stdout: '', stderr: 'Error: Requested AEAD algorithm not found.\n' }
      if (verb === 'delete') return this.states.delete(name) ? done() : absent
      if (this.states.has(name)) return refused
      this.states.set(name, key)
      this.added.push(`${src} ${dst} ${key}`)
      return done()
    }
    const policy =
      /^xfrm policy (update|delete) (src \S+ dst \S+ proto udp dport \d+) dir (\w+)(?: priority (\d+) tmpl (.*))?$/.exec(
        line,
      )
    if (!policy) return { code: 255, stdout: '', stderr: 'Error: unknown\n' }
    const [, verb, selector = '', direction = '', priority = '', template = ''] = policy
    const name = `${selector} ${direction}`
    if (verb === 'delete') return this.policies.delete(name) ? done() : absent
    this.policies.set(name, { selector, direction, priority, template })
    return done()
  }

  #listStates(): string {
    return [...this.states.keys()]
      .map(name => {
        const [src, dst, spi] = name.split(' ')
        return `src ${src} dst ${dst}\n\tproto esp spi ${spi} reqid 26220 mode transport\n\treplay-window 0 flag esn\n`
      })
      .join('')
  }

  #listPolicies(): string {
    return [...this.policies.values()]
      .map(({ selector, direction, priority, template }) => {
        const [, ends = '', rest = ''] = /^(src \S+ dst \S+) (.*) mode/.exec(template) ?? []
        const by = rest.replace('reqid 26220', 'reqid 26220 mode transport')
        return `${selector} \n\tdir ${direction} priority ${priority} ptype main \n\ttmpl ${ends}\n\t\t${by}\n`
      })
      .join('')
  }
}
