import t from 'tap'
import { steps } from '../support/readme-steps.ts'

const readme = `## Start
### podman
\`\`\`sh
# a comment, no heading
first
\`\`\`
\`\`\`json
{}
\`\`\`
#### More
\`\`\`sh
second
\`\`\`
### containerd
\`\`\`sh
third
\`\`\`
## End
\`\`\`json
{}
\`\`\`
`

t.test('the steps of a section are its sh blocks, those of the sections in it included', async t => {
  t.same(steps(readme, '### podman'), ['# a comment, no heading\nfirst', 'second'])
  t.same(steps(readme, '### containerd'), ['third'])
  t.same(steps(readme, '## Start').length, 3)
})

t.test('a section without steps is none', async t => {
  t.throws(() => steps(readme, '### nerdctl'), { message: /no sh block below "### nerdctl"/ })
  t.throws(() => steps(readme, '## End'), { message: /no sh block below "## End"/ })
})
