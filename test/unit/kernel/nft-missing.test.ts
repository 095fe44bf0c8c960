import t from 'tap'
import { fakeHost } from '../../../lib/host/fake.ts'
import { missingNft } from '../../../lib/kernel/nft-missing.ts'
import type { Nft } from '../../../lib/kernel/resource.ts'
import { tools } from '../../../lib/kernel/tool.ts'

const base = { kind: 'nft', netns: null, family: 'inet' } as const
const keys = Array.from({ length: 150 }, (_, index) => `192.0.2.${index}`)
const elements = keys.map((key): Nft => ({ ...base, lifetime: 'own', object: 'element', set: 'vteps', key }))
const chain: Nft = {
  ...base,
  lifetime: 'kept',
  object: 'chain',
  name: 'filter',
  hook: 'type filter hook input priority -200; policy accept;',
  rules: ['ip saddr != @vteps drop'],
}

/** Answers as nft does: a listing of the table, or one for each question. */
const kernel = (absent: string, heard: string[]) =>
  fakeHost({
    run: ({ argv, stdin = '' }) => {
      if (argv.includes('list')) {
        heard.push('list table')
        return {
          stdout: `table inet fairlead {\n\tchain filter {\n\t\t${chain.hook}\n\t\t${chain.rules.join('')}\n\t}\n}\n`,
        }
      }
      const questions = stdin.trim().split('\n')
      heard.push(...questions.map(text => text.split(' ').slice(0, 2).join(' ')))
      if (questions.some(text => text.includes(`${absent} `))) return { code: 1 }
      const answer = `table inet fairlead {\n\tset vteps {\n\t\telements = { ${keys.filter(key => key !== absent).join(', ')} }\n\t}\n}\n`
      return { stdout: questions.map(() => answer).join('') }
    },
  })

t.test('many elements are asked for in pieces, chains by a listing of their table', async t => {
  const heard: string[] = []
  t.same(await missingNft(tools(kernel('none', heard), ''), [...elements, chain]), [])
  t.same(heard.toSorted(), ['get element', 'get element', 'get element', 'list table'])
})

t.test('a chain with another rule is missing', async t => {
  const other = { ...chain, rules: ['ip saddr @vteps drop'] }
  t.match(await missingNft(tools(kernel('none', []), ''), [...elements, other]), [{ resource: { name: 'filter' } }])
})

t.test('one of many that is missing is told', async t => {
  const missing = await missingNft(tools(kernel('192.0.2.99', []), ''), [...elements, chain])
  t.match(missing, [{ resource: { key: '192.0.2.99' } }])
  t.equal(missing.length, 1)
})
