import t from 'tap'
import { sameValue } from '../../../lib/kernel/sysctl-value.ts'

t.test('the kernel and people write one value in several ways', async t => {
  const same = [
    ['1', '1'],
    ['4096\t87380\t6291456', '4096 87380 6291456'],
    ['4096\t87380', ' 4096   87380\n'],
    ['500', '0x1f4'],
    ['8', '010'],
    ['-1', '-01'],
    ['1', '+1'],
    ['0', '-0'],
    ['8080-8081', '8081,8080'],
    ['8080-8090,9000', '9000,8085-8090,8080-8086'],
    ['1-2', '1-2'],
    ['bbr', 'bbr'],
    ['', ' '],
    ['18446744073709551615', '0xffffffffffffffff'],
  ] as const
  for (const [now, wanted] of same) t.ok(sameValue(now, wanted), `${now} is ${wanted}`)
  const other = [
    ['1', '2'],
    ['4096 87380', '4096'],
    ['9007199254740993', '9007199254740992'],
    ['8080-8082', '8080,8082'],
    ['cubic', 'bbr'],
    ['1', ''],
  ] as const
  for (const [now, wanted] of other) t.notOk(sameValue(now, wanted), `${now} is not ${wanted}`)
  t.notOk(sameValue(undefined, ''), 'a sysctl that is not there has no value')
})
