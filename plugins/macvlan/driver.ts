/** macvlan: endpoints on a link of the host, each with a MAC of its own. Pure: it says what should be. */
import { onParent } from '../../lib/cnm/on-parent.ts'
import { type Options, readOptions } from './options.ts'

const flags = (words: readonly string[]) => Object.fromEntries(words.map(word => [word, '']))

/** The driver. */
export const macvlan = onParent<Options>({
  type: 'macvlan',
  options: readOptions,
  link: ({ mode, sources, bcqueuelen }) => ({
    mode,
    ...(sources.length > 0 ? flags(['macaddr', 'set', ...sources]) : {}),
    ...(bcqueuelen > 0 ? { bcqueuelen: String(bcqueuelen) } : {}),
  }),
  shim: () => ({ mode: 'bridge' }),
  sharesMac: ({ mode }) => mode === 'passthru',
  resolves: () => true,
})
