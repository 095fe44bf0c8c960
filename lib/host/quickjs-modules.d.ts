/** The parts of QuickJS's own modules that the host port needs (quickjs-libc.c). A negative number is an error number. */

declare module 'qjs:std' {
  interface File {
    readAsString(): string
  }
  const input: File

  export { input as in }
  export function getenv(name: string): string | undefined
  export function getenviron(): Record<string, string>
  export function loadFile(path: string): string | null
  export function strerror(errno: number): string
  export function exit(status: number): never
}

declare module 'qjs:os' {
  type Result<T> = [value: T, errno: number]
  interface Stat {
    dev: number
    ino: number
    mode: number
    size: number
    /** Whole milliseconds since the epoch. */
    mtime: number
  }
  interface ExecOptions {
    block: boolean
    usePath: boolean
    file: string
    cwd: string
    stdin: number
    stdout: number
    stderr: number
    env: Readonly<Record<string, string>>
  }
  export const O_RDONLY: number
  export const O_WRONLY: number
  export const O_APPEND: number
  export const O_CREAT: number
  export const O_EXCL: number
  export const O_TRUNC: number
  export const S_IFMT: number
  export const S_IFREG: number
  export const S_IFDIR: number
  export const SIGTERM: number
  export const SIGPIPE: number
  export const WNOHANG: number
  export function open(path: string, flags: number, mode?: number): number
  export function close(descriptor: number): number
  export function read(descriptor: number, buffer: ArrayBufferLike, offset: number, length: number): number
  export function write(descriptor: number, buffer: ArrayBufferLike, offset: number, length: number): number
  export function remove(path: string): number
  export function rename(from: string, to: string): number
  export function mkdir(path: string, mode: number): number
  export function stat(path: string): Result<Stat>
  export function readlink(path: string): Result<string>
  export function readdir(path: string): Result<string[]>
  export function pipe(): [read: number, write: number] | null
  export function exec(argv: readonly string[], options: ExecOptions): number
  export function waitpid(pid: number, options: number): [pid: number, status: number]
  export function kill(pid: number, signal: number): number
  export function getpid(): number
  export function exePath(): string | undefined
  export function setReadHandler(descriptor: number, handler: (() => void) | null): void
  export function setWriteHandler(descriptor: number, handler: (() => void) | null): void
  export function setTimeout(handler: () => void, milliseconds: number): number
  export function clearTimeout(timer: number): void
  export function signal(number: number, handler: undefined): void
}
