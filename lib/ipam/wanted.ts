/** The addresses that a runtime asks for. Pure. */
import * as z from 'zod/mini'
import { readArgs } from '../cni/args.ts'
import { decode } from '../cni/decode.ts'
import { CniError, code } from '../cni/error.ts'
import { type Json, pick, pickObject } from '../cni/json.ts'
import type { Request } from '../cni/request.ts'
import { type Address, bareAddress, parseAddress } from './cidr.ts'

const ipsSchema = z.array(z.string())

function wantedAddress(text: string): Address {
  const wanted = parseAddress(bareAddress(text.trim()))
  if (wanted) return wanted
  throw new CniError(code.config, `Cannot lease ${JSON.stringify(text)}: it is no IP address`)
}

/**
 * The addresses asked for, from all three places that may ask; each once (podman repeats itself on reload).
 *
 * @throws CniError 7 for one that is none, 4 for CNI_ARGS
 */
export function wantedAddresses(request: Request): readonly Address[] {
  const ip = readArgs(request.args, ['IP']).get('IP')
  const list = (value: Json | undefined, what: string) =>
    value === undefined ? [] : decode(ipsSchema, value, what).value
  const args = pickObject(pickObject(request.conf, 'args'), 'cni')
  const texts = [
    ...(ip ? [ip] : []),
    ...list(pick(args, 'ips'), 'args.cni.ips'),
    ...list(pick(pickObject(request.conf, 'runtimeConfig'), 'ips'), 'runtimeConfig.ips'),
  ]
  const wanted = texts.filter(text => text !== '').map(wantedAddress)
  return wanted.filter(({ family, value }, index) => {
    return index === wanted.findIndex(other => other.family === family && other.value === value)
  })
}
