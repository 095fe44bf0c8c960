/**
 * The first lines that run, kept few: runtimes ask every plugin of every network for its VERSION on every command.
 * Whatever needs more is one of the programs that the executable carries as assets: the plugins, with the code that V8
 * compiled when they ran at build time; what a DHCP client calls; the command line.
 */
import { writeSync } from 'node:fs'
import { basename } from 'node:path'
import { getRawAsset } from 'node:sea'
import { Script } from 'node:vm'
import { kindOf, pluginOf } from '../plugins/index.ts'
import { introduction } from './cni/introduction.ts'

/** What all programs export: runs to the end and gives the exit status. */
type Program = (name: string, argv: readonly string[]) => Promise<number>

function asset(name: string): Buffer | undefined {
  try {
    return Buffer.from(getRawAsset(name))
  } catch {
    // An executable that was packed on a machine of another kind carries no compiled code.
    return undefined
  }
}

function load(name: string, compiled = name): Program {
  const cachedData = asset(`${compiled}.cache`)
  const script = new Script(asset(`${name}.js`)?.toString('latin1') ?? '', {
    filename: `${name}.js`,
    ...(cachedData ? { cachedData } : {}),
  })
  const module: { exports: { main?: Program } } = { exports: {} }
  script.runInThisContext()(process.getBuiltinModule, module, module.exports)
  if (!module.exports.main) throw new Error(`this executable was packed without its program ${name}`)
  return module.exports.main
}

function main(): Promise<number> | number {
  const name = basename(process.argv0)
  const plugin = pluginOf(name)
  const command = process.env.CNI_COMMAND
  const words = plugin && introduction(plugin, command)
  if (words) {
    if ('stdout' in words) writeSync(1, words.stdout)
    else writeSync(2, words.stderr)
    return 0
  }
  const program = name === 'dhcp-event' ? 'dhcp-event' : plugin || command ? 'plugins' : 'cli'
  return load(program, plugin && `plugins-${kindOf(name)}`)(name, process.argv.slice(2))
}

// A promise that never settles, or a crash, must not look like success.
process.exitCode = 1
// Leaving at once spares the engine's dismantling, a tenth of a plugin's life.
Promise.resolve(main()).then(status => process.exit(status))
