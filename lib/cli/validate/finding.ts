/** What is found in a file of a network. */
import type { CniError } from '../../cni/error.ts'
import type { Unknown } from '../../cni/unknown.ts'

/** An error keeps containers from being attached; a warning is most likely a mistake; a note says what was not looked at. */
export interface Finding {
  readonly severity: 'error' | 'warning' | 'note'
  /** As `plugins[0].ipam.ranges[0][0].subnet`; empty for the whole file. */
  readonly path: string
  readonly text: string
}

/** An error as a plugin would give it. */
export const fromError = (path: string, { message, details }: CniError): Finding => {
  const text = message.replace(/^Cannot use the network configuration: /, '')
  return { severity: 'error', path, text: details ? `${text} (${details})` : text }
}

/** A key that nobody knows. */
export const fromUnknown = ({ path, meant }: Unknown): Finding => {
  const text = `is a key that nobody knows${meant ? `: did you mean "${meant}"?` : ''}`
  return { severity: 'warning', path, text }
}

/** A finding as a person reads it: `FILE: error: plugins[0].mtu must be …`. */
export const lineOf = (file: string, { severity, path, text }: Finding): string => {
  const where = path === '' ? '' : /^(must|is a key)/.test(text) ? `${path} ` : `${path}: `
  return `${file}: ${severity}: ${where}${text}`
}
