/**
 * Runs test files in one process, one after another (to load tap takes seconds in the virtual machine), and tells first
 * what the kernel is and what it can do. FAIRLEAD_VM_ALL: it has to be able to do everything.
 */
import { release } from 'node:os'
import { resolve } from 'node:path'
import t from 'tap'
import { features, featuresHere } from './features.ts'

t.setTimeout(0)
t.test('the kernel', async t => {
  const can = await featuresHere()
  const lacks = features.filter(each => !can.includes(each))
  t.comment(`kernel ${release()}: ${can.join(', ')}${lacks.length > 0 ? `; without ${lacks.join(', ')}` : ''}`)
  t.same(process.env.FAIRLEAD_VM_ALL ? lacks : [], [], 'it can do what it is chosen for')
  t.ok(can.includes('bridge') && can.includes('veth'), 'and what every kernel must')
})
for (const file of process.argv.slice(2)) await import(resolve(file))
