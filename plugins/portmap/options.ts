/** The configuration of portmap, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode, ready } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { pick, pickObject } from '../../lib/cni/json.ts'
import { flag, maybeText, texts } from '../../lib/cni/leaf.ts'
import type { Request } from '../../lib/cni/request.ts'
import { digest } from '../../lib/host/digest.ts'
import { isChainName, isPhrase } from '../../lib/kernel/token.ts'
import { hostFirewalls } from '../../lib/kernel/vetting.ts'
import { type Mapping, readMappings } from './mappings.ts'

/** The keys that this plugin knows, with their types. */
export const schema = ready(
  z.object({
    backend: maybeText,
    snat: z._default(z.boolean(), true),
    masqAll: flag,
    hostFirewall: z._default(z.enum(hostFirewalls), 'ignore'),
    markMasqBit: z.exactOptional(z.int().check(z.minimum(0), z.maximum(31))),
    externalSetMarkChain: maybeText,
    conditionsV4: texts,
    conditionsV6: texts,
  }),
)

/** Matches that a connection must meet, by address family, and a short name for them; empty without any. */
export interface Conditions {
  readonly v4: readonly string[]
  readonly v6: readonly string[]
}

export interface Options {
  readonly mappings: readonly Mapping[]
  readonly snat: boolean
  readonly masqAll: boolean
  readonly conditions: Conditions
  /** The host's own rules for a port hold where it is published. */
  readonly vetted: boolean
  /** How iptables marks what it will masquerade: by a bit of its own, or by somebody else's chain. */
  readonly mark: { readonly bit: number | undefined; readonly chain: string | undefined }
}

const refuse = (key: string, why: string): CniError => new CniError(code.config, `Cannot use "${key}": ${why}`)

function checkConditions(key: string, conditions: readonly string[]): void {
  const wrong = conditions.length > 0 && !isPhrase(conditions.join(' '))
  if (wrong) throw refuse(key, 'it has characters that no match needs')
}

/** The end of the names of what these need for themselves. */
export const suffixOf = ({ vetted, conditions: { v4, v6 } }: Pick<Options, 'vetted' | 'conditions'>): string =>
  (vetted ? '-respect' : '') + (v4.length + v6.length === 0 ? '' : `-${digest(8, v4.join(' '), v6.join(' '))}`)

/**
 * Reads the configuration.
 *
 * @throws CniError 2 for what is not supported, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  const { markMasqBit: bit, externalSetMarkChain: named } = conf
  const chain = named || undefined
  if (chain !== undefined && bit !== undefined) {
    throw refuse('markMasqBit', 'it excludes "externalSetMarkChain". Leave one of the two out')
  }
  if (chain && !isChainName(chain)) throw refuse('externalSetMarkChain', 'it is no name of an iptables chain')
  checkConditions('conditionsV4', conf.conditionsV4)
  checkConditions('conditionsV6', conf.conditionsV6)
  const mappings = readMappings(pick(pickObject(request.conf, 'runtimeConfig'), 'portMappings'))
  const { snat, masqAll, conditionsV4: v4, conditionsV6: v6 } = conf
  const vetted = conf.hostFirewall === 'respect'
  return { value: { mappings, snat, masqAll, conditions: { v4, v6 }, vetted, mark: { bit, chain } }, unknown }
}
