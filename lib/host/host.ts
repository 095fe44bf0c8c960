/**
 * The one door to the operating system. Everything above speaks to this port, so the same code runs on Node.js, on a
 * small native engine and on the fake of the unit tests. Absent is a value (`undefined`, `false`, `[]`), never an error.
 */

/** A process to run to its end. `env` is its whole environment; `cwd` is always `/`. */
export interface Command {
  readonly argv: readonly [string, ...string[]]
  readonly env: Readonly<Record<string, string>>
  readonly stdin?: string
  /** Milliseconds until the child is killed; every child has a deadline. */
  readonly deadline: number
}

/** What a process left behind. A non-zero `code` is an answer, not an exception; 128 + n means ended by signal n. */
export interface Output {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** What a child in conversation has said since it was last spoken to. */
export interface Said {
  readonly stdout: string
  readonly stderr: string
  /** It has ended, or was ended at its deadline: it will say no more. */
  readonly ended: boolean
}

/** A child process that answers while its stdin stays open; it ends when that closes, as it does when we are killed. */
export interface Conversation {
  /** Writes, then waits until `enough` holds for what was said, the child ends, or its deadline passes. */
  say(text: string, enough: (said: Said) => boolean): Promise<Said>
  /** Writes the last of its input, closes that, and waits for its end. */
  finish(text: string): Promise<Output>
  /** Closes its stdin, and does not wait. */
  end(): void
}

/** What stands at a path, symbolic links followed. */
export interface Stat {
  readonly kind: 'file' | 'directory' | 'other'
  /** Device and inode number: the identity of a file, a network namespace or an executable. */
  readonly device: number
  readonly inode: number
  /** Last modification, whole milliseconds since the epoch. */
  readonly modified: number
}

export interface Files {
  /** The whole text, or undefined where nothing readable of that name stands. */
  read(path: string): Promise<string | undefined>
  /** Names in a directory, unsorted; empty where there is none. */
  list(directory: string): Promise<string[]>
  stat(path: string): Promise<Stat | undefined>
  /** The target of a symbolic link, unresolved; undefined where there is no link. */
  readlink(path: string): Promise<string | undefined>
  /** Exclusive create and one write, mode 0600; makes missing directories with `directoryMode` (0700). False: taken. */
  create(path: string, text: string, directoryMode?: number): Promise<boolean>
  /** Writes beside the path and renames over it, with the same modes. */
  replace(path: string, text: string, directoryMode?: number): Promise<void>
  /**
   * Writes over what exists already, in place: for /proc, /sys and files whose reader knows no rename. Cut short only where
   * that is longer, for a file system takes longer for that than for all else. False: absent.
   */
  poke(path: string, text: string): Promise<boolean>
  /** One atomic append to what exists already. False: absent. */
  extend(path: string, text: string): Promise<boolean>
  /** One atomic append, for logs; creates the file. */
  append(path: string, text: string): Promise<void>
  /** Removes a file or an empty directory. False: it was not there. */
  remove(path: string): Promise<boolean>
}

/** How often `replace` writes again what somebody has tidied away before it took its place, as one of a killed writer. */
export const rewrites = 3

export interface Host {
  readonly files: Files
  /** A variable of our own environment; an empty one counts as absent. */
  env(name: string): string | undefined
  /** The whole environment, for a plugin that is called in turn. */
  environment(): Readonly<Record<string, string>>
  /** Path of the running executable. */
  readonly executable: string
  readonly pid: number
  stdin(): Promise<string>
  stdout(text: string): Promise<void>
  stderr(text: string): void
  /** Runs a child to its end; one that cannot be started is code 127 with the reason on stderr. */
  run(command: Command): Promise<Output>
  /** Starts a child to talk with. The deadline counts for each exchange; `stdin` is not used. */
  converse(command: Command): Conversation
  /** Ends a process: at once, or with SIGTERM in its own way. False: there was none. */
  kill(pid: number, signal?: 'SIGTERM'): boolean
  /**
   * Says a line to a server at a unix socket and gives the line that it answers; undefined where nobody listens, or
   * answers within the deadline, in milliseconds. Absent on engines without sockets. Throws FileError where it may not.
   */
  ask?(socket: string, line: string, deadline: number): Promise<string | undefined>
  /** Milliseconds since the epoch. */
  now(): number
  sleep(milliseconds: number): Promise<void>
  /** `bytes` random bytes as lower-case hexadecimal digits. */
  random(bytes: number): string
}

/** The errors of the file system that callers tell apart. */
export type FileFault = 'denied' | 'read-only' | 'no-space' | 'other'

/** A file operation failed for a reason other than absence. */
export class FileError extends Error {
  readonly path: string
  readonly fault: FileFault
  constructor(path: string, fault: FileFault, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'FileError'
    this.path = path
    this.fault = fault
  }
}
