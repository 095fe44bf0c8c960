/** Keys of IPsec between two hosts: one for each direction, epoch and start of either. Pure. */
import { hkdfSync } from 'node:crypto'
import type { Epochs } from '../keys.ts'

/** A host, as it is since its kernel has lost its states. */
export interface End {
  readonly address: string
  readonly nonce: string
}

/** A state of the kernel's database (RFC 4301, section 4.4.2): whoever has its parts can read along. */
export interface State {
  readonly src: string
  readonly dst: string
  /** As ip writes it. */
  readonly spi: string
  /** Hexadecimal: 32 bytes of AES-256 and 4 of salt (RFC 4106, section 8.1). */
  readonly key: string
}

/** The smallest SPI that is not reserved (RFC 4303, section 2.1). */
const leastSpi = 256

/**
 * The state for what a host sends to another, by HKDF-SHA256 (RFC 5869): who knows the secret of the epoch has the same
 * everywhere, and none is ever used for two lives of a host, on either side. So no nonce of AES-GCM comes twice, and nothing
 * that was recorded is taken again by a host that has forgotten what it had.
 *
 * @throws Error for an epoch without a secret
 */
export function stateOf({ keys }: Pick<Epochs, 'keys'>, epoch: number, from: End, to: End): State {
  const secret = keys[epoch]
  if (secret === undefined) throw new Error(`Cannot encrypt: there is no key of epoch ${epoch}`)
  for (let attempt = 0; ; attempt++) {
    const info = [from.address, to.address, epoch, from.nonce, to.nonce, attempt].join('|')
    const bytes = Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'hex'), 'fairlead-esp-v1', info, 40))
    const spi = bytes.readUInt32BE(36)
    if (spi < leastSpi) continue
    const text = `0x${spi.toString(16).padStart(8, '0')}`
    return { src: from.address, dst: to.address, spi: text, key: bytes.toString('hex', 0, 36) }
  }
}
