/** The manifest for clusters: well-formed, of one piece, and of this version. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import t from 'tap'
import { parseAllDocuments } from 'yaml'

const root = resolve(import.meta.dirname, '../..')
const documents = parseAllDocuments(readFileSync(`${root}/conf/kubernetes/fairlead.yaml`, 'utf8'))
const all = documents.map(each => each.toJS())
const kind = (name: string) => all.find(each => each.kind === name)
const { version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))

t.test('every document can be read', async t => {
  t.same(
    documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]),
    [],
  )
  t.same(all.map(each => each.kind).toSorted(), ['ClusterRole', 'ClusterRoleBinding', 'DaemonSet', 'ServiceAccount'])
})

t.test('the account may get nodes and nothing else, and is the one of the pods', async t => {
  t.same(kind('ClusterRole').rules, [{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }])
  const { name, namespace } = kind('ServiceAccount').metadata
  t.same(kind('ClusterRoleBinding').subjects, [{ kind: 'ServiceAccount', name, namespace }])
  t.equal(kind('ClusterRoleBinding').roleRef.name, kind('ClusterRole').metadata.name)
  t.equal(kind('DaemonSet').spec.template.spec.serviceAccountName, name)
})

t.test('the pods run on every node before there is a network, from the image of this version', async t => {
  const { spec, metadata } = kind('DaemonSet').spec.template
  t.same(kind('DaemonSet').spec.selector.matchLabels, metadata.labels)
  t.match(spec, { hostNetwork: true, tolerations: [{ operator: 'Exists' }] })
  for (const { image } of [...spec.initContainers, ...spec.containers]) t.equal(image, `fairlead:${version}`)
  const [install] = spec.initContainers
  const [{ name, hostPath }] = spec.volumes
  t.same([name, hostPath.path], [install.volumeMounts[0].name, '/'])
  t.equal(install.args[0], install.volumeMounts[0].mountPath)
})
