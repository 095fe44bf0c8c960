import t from 'tap'
import { twinIn } from '../../../lib/cni/twin.ts'

t.test('a key that an object has twice is found where it is looked for, and nowhere else', async t => {
  const rows = [
    ['{"sysctl": {"a": "1", "a": "2"}}', ['sysctl'], 'a'],
    ['{"SysCtl": {"b": ["a", "a"], "a": "1", "\\u0061": "2"}}', ['sysctl'], 'a'],
    ['{"sysctl": {"a": "b", "b": "a"}}', ['sysctl'], undefined],
    ['{"sysctl": {"a": {"x": 1, "x": 2}, "b": [{"y": 1, "y": 2}]}}', ['sysctl'], undefined],
    ['{"a": 1, "a": 2, "sysctl": {}}', ['sysctl'], undefined],
    ['{"args": {"cni": {"sysctl": {"a": "}", "b": "\\"{", "a": "2"}}}}', ['args', 'cni', 'sysctl'], 'a'],
    ['[{"sysctl": {"a": "1", "a": "2"}}]', ['sysctl'], undefined],
    ['{"sysctl": {"a": "1"}, "x": {"sysctl": {"a": "1", "a": "2"}}}', ['sysctl'], undefined],
    ['', ['sysctl'], undefined],
  ] as const
  for (const [text, path, twin] of rows) t.equal(twinIn(text, path), twin, text)
})
