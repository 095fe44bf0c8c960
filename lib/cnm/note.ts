/** What an endpoint had before a reboot took it: nothing is held, but who comes back asks for the same again. */
import type { Held } from '../ipam/ipam.ts'
import type { Owner } from '../ipam/lease.ts'
import type { Store } from '../store/store.ts'
import { type Key, recordName } from './names.ts'
import type { Record } from './record.ts'

const area = 'remembered'

/** The leases of an endpoint that a reboot took from it, for its next ADD in this boot. */
export interface Note {
  readonly boot: string
  readonly owner: Owner
  readonly held: readonly Held[]
}

const isNote = (value: unknown): value is Note => Array.isArray((value as Partial<Note> | undefined)?.held)

/** Remembers which addresses an endpoint had, though they are free now. */
export const remember = (store: Store, record: Record, boot: string): Promise<void> =>
  store.put(area, recordName(record.key), { boot, owner: record.key, held: record.held } satisfies Note)

/** The addresses that an endpoint had before the reboot; asked once, they are forgotten. */
export async function recall(store: Store, key: Key): Promise<readonly Held[]> {
  const note = await store.get(area, recordName(key))
  if (!isNote(note)) return []
  await store.drop(area, recordName(key))
  return note.held
}

/** Forgets the notes of earlier boots, or of a whole network. */
export async function forgetNotes(store: Store, unless: (name: string, note: Note) => boolean): Promise<void> {
  for (const name of await store.list(area)) {
    const note = await store.get(area, name)
    if (!isNote(note) || !unless(name, note)) await store.drop(area, name)
  }
}
