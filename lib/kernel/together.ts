/** Runs work side by side, and waits for all before it fails: what still runs must not make things after a rollback began. */
export async function together(...work: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find(result => result.status === 'rejected')
  if (failed) throw failed.reason
}
