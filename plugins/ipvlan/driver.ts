/** ipvlan: endpoints on a link of the host, with addresses of their own and its MAC. Pure: it says what should be. */
import { onParent } from '../../lib/cnm/on-parent.ts'
import { type Options, readOptions } from './options.ts'

const words = ({ mode, flag }: Options) => ({ mode, [flag]: '' })

/** The driver. */
export const ipvlan = onParent<Options>({
  type: 'ipvlan',
  options: readOptions,
  link: words,
  // All links of a parent have one mode, the host's too.
  shim: words,
  sharesMac: () => true,
  resolves: ({ mode }) => mode === 'l2',
})
