export { bridgeName, tunnelName } from '../../lib/kernel/tunnel-names.ts'
