/**
 * The one encoder between data and the scripts of `ip -batch` and `nft -f`. Both split at white space and know quotes,
 * comments and escapes; nothing that could carry such meaning passes, so a name can only ever be a name.
 */
import { KernelError } from './resource.ts'

const plain = /^[A-Za-z0-9_.:@/+=,~!-]{1,4096}$/
const quotable = /^[A-Za-z0-9_.:@/+=,~! -]{0,128}$/

/** One word of a script. Throws KernelError for anything but 1 to 4096 harmless characters. */
export function token(text: string): string {
  if (plain.test(text) && !text.includes('\n')) return text
  throw new KernelError(`${JSON.stringify(text.slice(0, 80))} has characters that are not passed to ip or nft`, 'other')
}

/** A word with its value before a space, where there is a value; a flag has an empty one. Throws KernelError as `token`. */
export function option(name: string, value: string | number | undefined): string {
  if (value === undefined) return ''
  return value === '' ? ` ${token(name)}` : ` ${token(name)} ${token(String(value))}`
}

/** A link's name as an nftables string: one word, and no pattern. Throws KernelError as `token` does. */
export const linkName = (text: string): string => `"${token(text)}"`

/** True if `quoted` takes the text. */
export const isQuotable = (text: string): boolean => quotable.test(text) && !text.includes('\n')

/** A quoted string, for comments of nftables and aliases of links. Throws KernelError for other characters. */
export function quoted(text: string): string {
  if (isQuotable(text)) return `"${text}"`
  throw new KernelError(`${JSON.stringify(text.slice(0, 80))} has characters that are not passed to ip or nft`, 'other')
}

/** Bytes; nft takes no more. */
export const longestComment = 128

/** Text made fit for an nftables comment: other characters become `_`, and what nft does not take is cut off. */
export const comment = (text: string): string => text.replace(/[^A-Za-z0-9_.:@/+=,~! -]/g, '_').slice(0, longestComment)

/** True if `token` takes the text: for validation with a better message at the edge. */
export const isToken = (text: string): boolean => plain.test(text) && !text.includes('\n')

/** True for the names that stand for links in sysctls, so that none may bear them (the kernel's sysctl_dev_name_is_allowed). */
export const standsForLinks = (text: string): boolean => text === 'all' || text === 'default'

/** True for what the kernel lets a link be called (dev_valid_name), as far as `token` takes it. */
export const isLinkName = (text: string): boolean =>
  isToken(text) && text.length <= 15 && !/[/:]/.test(text) && text !== '.' && text !== '..' && !standsForLinks(text)

const hookPattern = /^type [a-z]+ hook [a-z]+ priority [a-z0-9-]+; policy [a-z]+;$/
const rulePattern = /^[A-Za-z0-9 _.:@/&|=!<>,$-]{1,1024}$/

/** The hook of a base chain. Throws KernelError for any other text. */
export function hook(text: string): string {
  if (hookPattern.test(text)) return text
  throw new KernelError(`${JSON.stringify(text.slice(0, 80))} is no hook of an nftables chain`, 'other')
}

/** True if `phrase` takes the text. */
export const isPhrase = (text: string): boolean => rulePattern.test(text) && !text.includes('\n')

/** The type of a set, or a part of a rule: several words, but of one statement. Throws KernelError for any other text. */
export function phrase(text: string): string {
  if (isPhrase(text)) return text
  throw new KernelError(`${JSON.stringify(text.slice(0, 80))} has characters that are not passed to nft`, 'other')
}

const updating = /^((?:[^{}]* )?update @[A-Za-z0-9-]+) \{ ([^{}]+) \}( [^{}]+)?$/

/** A rule: a phrase, which may put an element into a set. Throws KernelError for any other text. */
export function rule(text: string): string {
  const [, before, element, after = ''] = updating.exec(text) ?? []
  if (before === undefined || element === undefined) return phrase(text)
  return `${phrase(before)} { ${phrase(element)} }${after && phrase(after)}`
}

const chainPattern = /^[A-Za-z0-9_.][A-Za-z0-9_.-]{0,27}$/

/** True if `chainName` takes the text. */
export const isChainName = (text: string): boolean => chainPattern.test(text) && !text.includes('\n')

/** The name of a chain of iptables: at most 28 bytes (xtables' XT_EXTENSION_MAXNAMELEN). Throws KernelError. */
export function chainName(text: string): string {
  if (isChainName(text)) return text
  throw new KernelError(`${JSON.stringify(text.slice(0, 80))} is no name of an iptables chain`, 'other')
}

const printable = /^[ -~]{1,1024}$/

/** One word of a rule of iptables, printable ASCII, as a process is given it. Throws KernelError for any other text. */
export function ruleWord(text: string): string {
  if (printable.test(text) && !text.includes('\n')) return text
  throw new KernelError(`${JSON.stringify(text.slice(0, 80))} has characters that are not passed to iptables`, 'other')
}

/** One word of a rule as iptables-restore(8) reads it: quoted where it is not plain. Throws KernelError as `ruleWord`. */
export function restoreWord(text: string): string {
  if (plain.test(text)) return ruleWord(text)
  return `"${ruleWord(text).replace(/["\\]/g, '\\$&')}"`
}
