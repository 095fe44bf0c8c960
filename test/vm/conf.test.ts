import { examples } from '../support/example.ts'
import { liveThrough } from '../support/live.ts'

liveThrough(examples().filter(({ anywhere }) => !anywhere))
