/** The host's list of sysctls that configurations may set. */
import { CniError, code } from '../../lib/cni/error.ts'
import type { Sysctl } from './sysctl.ts'

/** Where the reference plugin has it too. */
export const allowlist = '/etc/cni/tuning/allowlist.conf'

/**
 * A line as an expression. The reference plugin's are of RE2, these are of JavaScript. What both know means the same:
 * classes, repetitions, groups, anchors, `\d`, `\b`. RE2's escaped punctuation (`\-`, `\_`) and flags at the start
 * (`(?i)`) are translated. What only RE2 knows (`\A`, `\z`, `\Q…\E`, `[[:alpha:]]`, `(?P<name>…)`, flags further inside)
 * is an error here, by the flag `u`, rather than a silent other meaning. What only JavaScript knows (`(?=…)`, `(?!…)`,
 * `\1`) is an error there. The time that an expression takes is not bounded here; the file is the administrator's.
 */
function expressionOf(line: string): RegExp {
  const [, flags = '', rest = line] = /^\(\?([ims]+)\)([\s\S]*)$/.exec(line) ?? []
  const escaped = rest.replace(/\\([-_'"#%&,:;<=>@`~! ])/g, (_, sign: string) => {
    return `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`
  })
  return new RegExp(escaped, `${[...new Set(flags)].join('')}u`)
}

function expressions(text: string): readonly RegExp[] {
  const lines = text.split('\n').map(line => line.trim())
  return lines.flatMap((line, index) => {
    if (line === '') return []
    try {
      return [expressionOf(line)]
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      const msg = `Cannot read ${allowlist}: line ${index + 1}, ${JSON.stringify(line)}, is no regular expression`
      throw new CniError(code.config, `${msg}. Correct the line`, why)
    }
  })
}

/**
 * Checks sysctls against the text of the list: each must match a line somewhere. Without a list everything is allowed;
 * an empty one allows nothing.
 *
 * @throws CniError 7 that names the sysctl, or the line that is no expression
 */
export function checkAllowed(sysctls: readonly Sysctl[], text: string | undefined): void {
  if (text === undefined) return
  const allowed = expressions(text)
  const refused = sysctls.find(({ written }) => !allowed.some(each => each.test(written)))
  if (!refused) return
  const msg = `Cannot set sysctl ${JSON.stringify(refused.written)}: ${allowlist} does not allow it`
  throw new CniError(code.config, `${msg}. Add it there, or leave it out of the network configuration`)
}
