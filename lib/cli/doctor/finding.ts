/** What the doctor finds. */

/** `error`: containers cannot be attached, or not by that plugin; `warning`: something is left, or in the way. */
export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error'
  readonly area: Area
  readonly text: string
  /** What to do about it. */
  readonly remedy?: string
  /** Puts it right, where it is of our own making. */
  readonly fix?: () => Promise<void>
}

export const areas = ['programs', 'kernel', 'settings', 'firewalls', 'networks', 'leftovers'] as const
export type Area = (typeof areas)[number]
