/** Errors as the protocol knows them (CNI specification 1.1.0, section "Error"). */

/** Codes of the specification, and 8 as the reference library uses it. */
export const code = {
  incompatibleVersion: 1,
  unsupportedField: 2,
  unknownContainer: 3,
  environment: 4,
  io: 5,
  decode: 6,
  config: 7,
  sameNetns: 8,
  tryAgain: 11,
  notAvailable: 50,
  limited: 51,
  internal: 999,
} as const

/** An error that reaches the runtime as it is: "Cannot X: why. Remedy". */
export class CniError extends Error {
  readonly code: number
  readonly details: string | undefined
  constructor(errorCode: number, message: string, details?: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CniError'
    this.code = errorCode
    this.details = details
  }
}

/** The error object for stdout; what is no CniError is a bug or a refusal of the kernel: 999, with its message. */
export function errorObject(error: unknown, cniVersion: string): Record<string, unknown> {
  const message = error instanceof Error ? error.message : String(error)
  const known = error instanceof CniError ? error : new CniError(code.internal, message)
  return { cniVersion, code: known.code, msg: known.message, ...(known.details ? { details: known.details } : {}) }
}
