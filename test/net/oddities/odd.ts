/** Input that looks odd, but that runtimes send: it must be taken. */
export interface Odd {
  /** The middle of the sentence "ADD takes … and DEL undoes it". */
  readonly odd: string
  /** Changes to the configuration; undefined takes a key out. */
  readonly conf?: Readonly<Record<string, unknown>>
  /** Stdin instead of the configuration as JSON. */
  readonly input?: string
  readonly env?: Readonly<Record<string, string>>
  /** A shell command that starts the plugin, `"$0"`, in its own way. */
  readonly start?: string
  /** What the result has at least. */
  readonly gives?: object
}
