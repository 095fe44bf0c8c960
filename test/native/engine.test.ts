/** The small engine: it keeps the promises of the host port, and whatever goes wrong in it is an error object. */
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { execa } from 'execa'
import t from 'tap'
import { filesContract, hostContract } from '../support/host-contract.ts'

const root = resolve(import.meta.dirname, '../..')

const run = (file: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  execa(file, args, { env, reject: false, timeout: 60_000 })

/** Compiles a program of this folder, and gives its place. */
async function compiled(name: string): Promise<string> {
  const output = join(root, 'build/native/test', name)
  mkdirSync(join(root, 'build/native/test'), { recursive: true })
  const words = ['scripts/native.ts', process.arch, `test/native/${name}.ts`, output]
  const { exitCode, stderr } = await run(process.execPath, words)
  if (exitCode !== 0) throw new Error(stderr)
  return output
}

t.test('the host port on QuickJS keeps what the one on Node.js promises', async t => {
  const program = await compiled('contract')
  const env = { CONTRACT: 'grün', CONTRACT_EMPTY: '' }
  const { stdout } = await run(program, [t.testdir()], env)
  const lines = stdout
    .trim()
    .split('\n')
    .map(line => JSON.parse(line) as { name: string; error?: string })
  for (const { name, error } of lines) t.equal(error, undefined, name)
  t.equal(lines.length, Object.keys(filesContract).length + Object.keys(hostContract).length, 'all of them')
})

t.test('what goes wrong in the engine is an error object and exit status 1', async t => {
  const program = await compiled('faults')
  const faults = [
    'a stack that is used up',
    'memory that is used up',
    'a promise that never settles',
    'an error that nobody caught',
    'a crash of the engine',
  ]
  for (const fault of faults) {
    const { exitCode, stdout } = await run(program, [fault])
    t.equal(exitCode, 1, fault)
    t.match(JSON.parse(stdout), { cniVersion: '1.1.0', code: 999, msg: /^Cannot finish: / }, stdout)
  }
})

/** The most files that a process may open here: where it can, root has a million. */
async function mostFiles(): Promise<number> {
  const million = 1_048_576
  if ((await run('prlimit', [`--nofile=${million}`, 'true'])).exitCode === 0) return million
  return Number(/^Max open files +\d+ +(\d+)/m.exec(await readFile('/proc/self/limits', 'utf8'))?.[1])
}

t.test('a child does not cost more where a process may open many files', async t => {
  const program = await compiled('children')
  const took = async (limit: number): Promise<number> => {
    const { exitCode, stdout, stderr } = await run('prlimit', [`--nofile=${limit}`, program])
    if (exitCode !== 0) throw new Error(stderr)
    return Number(stdout)
  }
  const most = await mostFiles()
  t.ok(most >= 16_384, `${most} files`)
  // Other work on the machine makes a run longer, never shorter.
  const tries: [number, number][] = []
  for (let round = 0; round < 8; round++) tries.push([await took(256), await took(most)])
  const [few, many] = [Math.min(...tries.map(([each]) => each)), Math.min(...tries.map(([, each]) => each))]
  // Closing each of them, of 20,000 as of a million, takes more than twice as long.
  t.ok(many < 2 * few, `${many} ms with ${most} files, ${few} ms with 256`)
})
