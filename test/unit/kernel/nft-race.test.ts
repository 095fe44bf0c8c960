import t from 'tap'
import { ensureNft, removeNft } from '../../../lib/kernel/nft.ts'
import { KernelError, type Nft } from '../../../lib/kernel/resource.ts'
import type { Tools } from '../../../lib/kernel/tool.ts'

const base = { kind: 'nft', family: 'inet', netns: null, lifetime: 'kept' } as const
const map: Nft = { ...base, object: 'map', name: 'port4', type: 'inet_proto . inet_service : ipv4_addr' }
const element: Nft = { ...base, object: 'element', set: 'port4', key: 'tcp . 80', data: '10.9.0.2', lifetime: 'own' }

const absent = { code: 1, stdout: '', stderr: '/dev/stdin:1:1-2: Error: No such file or directory' }
const taken = { code: 1, stdout: '', stderr: '/dev/stdin:3:1-2: Error: Could not process rule: File exists' }
const done = { code: 0, stdout: '', stderr: '' }
const listing = (data: string) => ({
  ...done,
  stdout: `table inet fairlead {\n\tmap port4 {\n\t\telements = { tcp . 80 : ${data} }\n\t}\n}\n`,
})

/** Tools whose nft gives these answers, one after another, and what it was told. */
function scripted(...answers: readonly { code: number; stdout: string; stderr: string }[]) {
  const told: string[] = []
  const nft = async (script: string) => {
    told.push(script)
    return answers[told.length - 1] ?? done
  }
  return { told, tools: { nft } as unknown as Tools }
}

const drop = 'delete element inet fairlead port4 { tcp . 80 }\n'
const make = 'add element inet fairlead port4 { tcp . 80 : 10.9.0.2 }\n'

t.test('an element that appears under our key between two tries gives way to ours at once', async t => {
  const { tools, told } = scripted(absent, taken, listing('10.9.0.3'), done)
  await ensureNft(tools, [map, element])
  t.ok(told[3]?.startsWith(drop))
  t.ok(told[3]?.endsWith(make))
  t.equal(told.length, 4)
})

t.test('one that has gone by itself meanwhile is no obstacle', async t => {
  const { tools, told } = scripted(taken, listing('10.9.0.3'), absent, done)
  await ensureNft(tools, [map, element])
  t.notMatch(told[3], drop)
  t.ok(told[3]?.endsWith(make))
  t.equal(told.length, 4)
})

t.test('whoever puts its element there again and again wins', async t => {
  const { tools, told } = scripted(...Array.from({ length: 30 }, (_, n) => (n % 2 ? listing('10.9.0.3') : taken)))
  await t.rejects(ensureNft(tools, [map, element]), KernelError)
  t.ok(told.length < 20, 'there is an end to it')
})

t.test('what is absent though its base was declared is told at once', async t => {
  const { tools, told } = scripted(absent, absent)
  const error = await ensureNft(tools, [map, element]).catch((error: KernelError) => error)
  t.equal(error?.fault, 'absent')
  t.equal(told.length, 2)
})

t.test('an element that was somebody else’s by the time of its removal stays: it goes by what it leads to', async t => {
  const { tools, told } = scripted(absent, listing('10.9.0.2'), taken, listing('10.9.0.3'))
  await removeNft(tools, [element])
  const ours =
    'add element inet fairlead port4 { tcp . 80 : 10.9.0.2 }\ndelete element inet fairlead port4 { tcp . 80 }\n'
  t.equal(told[2], ours, 'the kernel refuses both where the data is another')
  t.equal(told.length, 4)
})
