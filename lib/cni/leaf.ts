/** The smallest schemas, made once: each takes a small engine a while to make, and configurations have dozens of them. */
import * as z from 'zod/mini'

const text = z.string()

/** Absent, or text. */
export const maybeText = z.exactOptional(text)

/** Absent, or a list of texts. */
export const maybeTexts = z.exactOptional(z.array(text))

/** A list of texts, empty unless it is given. */
export const texts = z._default(z.array(text), [])

/** Absent, or an integer. */
export const maybeInt = z.exactOptional(z.int())

/** Absent, or a choice. */
export const maybeFlag = z.exactOptional(z.boolean())

/** A choice that is off unless it is made. */
export const flag = z._default(z.boolean(), false)
