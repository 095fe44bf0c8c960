/** The configuration of portmap, with what the runtime adds to it. Pure; keys and rules as in the reference. */
import * as z from 'zod/mini'
import { type Decoded, decode } from '../../lib/cni/decode.ts'
import { CniError, code } from '../../lib/cni/error.ts'
import { pick, pickObject } from '../../lib/cni/json.ts'
import type { Request } from '../../lib/cni/request.ts'
import { digest } from '../../lib/host/digest.ts'
import { isPhrase } from '../../lib/kernel/token.ts'
import { type Mapping, readMappings } from './mappings.ts'

const words = z._default(z.array(z.string()), [])

const schema = z.object({
  backend: z.exactOptional(z.string()),
  snat: z._default(z.boolean(), true),
  masqAll: z._default(z.boolean(), false),
  markMasqBit: z.exactOptional(z.int().check(z.minimum(0), z.maximum(31))),
  externalSetMarkChain: z.exactOptional(z.string()),
  conditionsV4: words,
  conditionsV6: words,
})

type Conf = z.infer<typeof schema>

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
}

const refuse = (key: string, why: string): CniError => new CniError(code.config, `Cannot use "${key}": ${why}`)

const isForIptables = ([first = '']: readonly string[]): boolean => /^[-!]/.test(first)

function checkConditions(key: string, conditions: readonly string[]): void {
  if (isForIptables(conditions))
    throw refuse(key, 'these are matches of iptables. Write them for nftables, as ["ip", "saddr", "192.0.2.0/24"]')
  const wrong = conditions.length > 0 && !isPhrase(conditions.join(' '))
  if (wrong) throw refuse(key, 'it has characters that no match of nftables needs')
}

function checkBackend({ backend, markMasqBit, externalSetMarkChain }: Conf): void {
  if (backend !== undefined && backend !== 'nftables' && backend !== 'iptables') {
    throw refuse('backend', `${JSON.stringify(backend)} is none. Set "nftables" or "iptables", or leave the key out`)
  }
  if (backend === 'iptables') {
    throw new CniError(code.unsupportedField, 'Cannot use "backend": "iptables": ports are published by nftables')
  }
  if (externalSetMarkChain !== undefined && markMasqBit !== undefined) {
    throw refuse('markMasqBit', 'it excludes "externalSetMarkChain". Leave one of the two out')
  }
  if (externalSetMarkChain !== undefined) {
    throw new CniError(
      code.unsupportedField,
      'Cannot use "externalSetMarkChain": it is a chain of iptables, and nftables needs no mark. Leave the key out',
    )
  }
}

/** The end of the names of what these conditions need for themselves. */
export const suffixOf = ({ v4, v6 }: Conditions): string =>
  v4.length + v6.length === 0 ? '' : `-${digest(8, v4.join(' '), v6.join(' '))}`

/**
 * Reads the configuration.
 *
 * @throws CniError 2 for what is not supported, 7 for the rest
 */
export function readOptions(request: Request): Decoded<Options> {
  const { value: conf, unknown } = decode(schema, request.conf)
  checkBackend(conf)
  checkConditions('conditionsV4', conf.conditionsV4)
  checkConditions('conditionsV6', conf.conditionsV6)
  const mappings = readMappings(pick(pickObject(request.conf, 'runtimeConfig'), 'portMappings'))
  const { snat, masqAll, conditionsV4: v4, conditionsV6: v6 } = conf
  return { value: { mappings, snat, masqAll, conditions: { v4, v6 } }, unknown }
}
