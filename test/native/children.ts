/** A program for QuickJS that runs some child processes one after another, and says how many milliseconds they took. */
import { exit } from 'qjs:std'
import { quickjsHost } from '../../lib/host/quickjs.ts'

async function main(): Promise<number> {
  const host = quickjsHost()
  const start = host.now()
  for (let count = 0; count < 40; count++) {
    const { code } = await host.run({ argv: ['true'], env: { PATH: '/usr/bin:/bin' }, deadline: 10_000 })
    if (code !== 0) return 1
  }
  await host.stdout(`${host.now() - start}\n`)
  return 0
}

main().then(exit)
