/** What a DHCP client sends and asks for, by the names and rules of the reference. Pure. */
import { bytesToHex } from '@noble/hashes/utils.js'
import { CniError, code } from '../cni/error.ts'
import { utf8 } from '../host/text.ts'
import type { Holder, Wish } from './dhcp.ts'

/** The names that the reference knows (RFC 2132, RFC 3004). */
const numbers: Readonly<Record<string, number>> = {
  'subnet-mask': 1,
  routers: 3,
  'host-name': 12,
  'vendor-class-identifier': 60,
  'dhcp-client-identifier': 61,
  'user-class': 77,
}

/** Names of options that may stand for their numbers. */
export const optionNames: readonly string[] = Object.keys(numbers)

/** The number of an option by its name or digits; undefined for what is none, as 0 and 255 are: padding, and the end. */
export function optionNumber(text: string): number | undefined {
  const number = Object.hasOwn(numbers, text) ? numbers[text] : /^\d{1,3}$/.test(text) ? Number(text) : undefined
  return number !== undefined && number > 0 && number < 255 ? number : undefined
}

/** Subnet mask, routers, name servers, domain, static routes, search list, classless routes. */
const defaults: readonly number[] = [1, 3, 6, 15, 33, 119, 121]
/** What a client says by itself: address, message type, server, list of requests, and the size it takes. */
const reserved: readonly number[] = [50, 53, 54, 55, 57]
/** Bytes that the client has for options (RFC 2131, section 2), less one, its end, and what it says by itself. */
const room = 308 - 1 - 1 - (6 + 3 + 6 + 2 + 4)
const longestValue = 255
const longestIdentifier = 254

const refuse = (why: string): CniError => new CniError(code.config, `Cannot ask for a lease: ${why}`)

/** An attachment is known to the server by its names, so that the same one gets the same address (option 61). */
const identifierOf = ({ containerId, network, ifName }: Holder): Uint8Array =>
  Uint8Array.from([0, ...utf8(`${containerId}/${network}/${ifName}`).slice(0, longestIdentifier)])

function checkedValue(option: number, text: string): Uint8Array {
  if (reserved.includes(option)) throw refuse(`option ${option} is the client's own. Leave it out of "provide"`)
  const bytes = utf8(text)
  if (bytes.length <= longestValue) return bytes
  throw refuse(`the value of option ${option} is longer than ${longestValue} bytes. Shorten it`)
}

/**
 * The wish of an attachment.
 *
 * @param provide options to send, each with its number; a later one takes the place of an earlier one
 * @param request options to ask for, after the usual ones unless `skipDefaults`
 * @throws CniError 7 for a value that no message can hold, or that is the client's own
 */
export function wishOf(
  holder: Holder,
  provide: readonly (readonly [option: number, value: string])[],
  request: readonly number[],
  skipDefaults: boolean,
): Wish {
  const values = provide.map(([option, value]) => [option, checkedValue(option, value)] as const)
  const sent = new Map([[61, identifierOf(holder)], ...values])
  const asked = [...new Set([...(skipDefaults ? [] : defaults), ...request])]
  const size = [...sent.values()].reduce((sum, bytes) => sum + 2 + bytes.length, asked.length)
  if (size > room) throw refuse(`what it sends is ${size - room} bytes too long for a message. Shorten "provide"`)
  return {
    provide: Object.fromEntries([...sent].map(([option, bytes]) => [option, bytesToHex(bytes)])),
    request: asked,
  }
}
