/**
 * SHA-256 (FIPS 180-4), with the rotations written out: in an engine that only interprets, a library's functions for them
 * take a twentieth of an ADD.
 */

const blockBytes = 64

const fraction = (root: number): number => ((root % 1) * 2 ** 32) | 0

/** The first prime numbers. */
function primes(count: number): number[] {
  const found: number[] = []
  for (let next = 2; found.length < count; next++) if (found.every(prime => next % prime !== 0)) found.push(next)
  return found
}

// Section 4.2.2 and 5.3.3: the fractions of the cube roots of the first primes, and of their square roots.
const constants = Int32Array.from(primes(64), prime => fraction(prime ** (1 / 3)))
const initial = primes(8).map(prime => fraction(prime ** (1 / 2)))

/** Section 5.1.1: the message, a bit, zeros, and the length in bits, in blocks. */
function padded(bytes: Uint8Array): DataView {
  const blocks = new Uint8Array((((bytes.length + 8) >> 6) + 1) * blockBytes)
  blocks.set(bytes)
  blocks[bytes.length] = 0x80
  const view = new DataView(blocks.buffer)
  view.setUint32(blocks.length - 4, bytes.length * 8)
  return view
}

/** Section 6.2.2, step 1: the words of a block, and those that follow from them. */
function schedule(message: DataView, block: number): Int32Array {
  const w = new Int32Array(64)
  for (let t = 0; t < 16; t++) w[t] = message.getInt32(block + 4 * t)
  for (let t = 16; t < 64; t++) {
    const x = w[t - 15] ?? 0
    const y = w[t - 2] ?? 0
    const small = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
    const large = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
    w[t] = ((w[t - 16] ?? 0) + small + (w[t - 7] ?? 0) + large) | 0
  }
  return w
}

/** Steps 2 to 4: the state after a block. */
function compressed(state: readonly number[], w: Int32Array): number[] {
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number]
  for (let t = 0; t < 64; t++) {
    const sumE = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
    const first = (h + sumE + (g ^ (e & (f ^ g))) + (constants[t] ?? 0) + (w[t] ?? 0)) | 0
    const sumA = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
    const second = sumA + ((a & b) | (c & (a | b)))
    h = g
    g = f
    f = e
    e = (d + first) | 0
    d = c
    c = b
    b = a
    a = (first + second) | 0
  }
  return [a, b, c, d, e, f, g, h].map((word, at) => (word + (state[at] ?? 0)) | 0)
}

/** The hash as 64 lower-case hexadecimal digits. */
export function sha256(bytes: Uint8Array): string {
  const message = padded(bytes)
  let state: readonly number[] = initial
  for (let block = 0; block < message.byteLength; block += blockBytes)
    state = compressed(state, schedule(message, block))
  return state.map(word => (word >>> 0).toString(16).padStart(8, '0')).join('')
}
