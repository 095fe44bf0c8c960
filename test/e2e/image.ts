/** An image without a registry: busybox, and a page for its web server. */
import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { home, type Node } from './node.ts'

export const image = 'localhost/bb:1'
/** What `httpd -h /www` serves. */
export const page = 'hello'
export const server = ['httpd', '-f', '-p', '80', '-h', '/www']

const layer = `${home}/layer.tar`
/** The image as a directory, of the layout of OCI. */
export const oci = `${home}/oci`
const archive = `${home}/image.tar`
const kind = 'application/vnd.oci.image'

/** A tar file of the root file system. */
export async function makeLayer(node: Node): Promise<string> {
  await node.sh(`
    mkdir -p ${home}/root && cd ${home}/root
    mkdir bin tmp etc proc sys dev www run
    cp /bin/busybox bin/busybox
    for name in $(bin/busybox --list); do [ $name = busybox ] || ln -s busybox bin/$name; done
    echo root:x:0:0:root:/:/bin/sh >etc/passwd
    echo ${page} >www/index.html
    tar -cf ${layer} .`)
  return layer
}

interface Blob {
  readonly mediaType: string
  readonly digest: string
  readonly size: number
}

/** An OCI archive, which serves as pause image too: left alone, it sleeps. */
export async function makeArchive(node: Node): Promise<string> {
  const blobs = `${oci}/blobs/sha256`
  const put = async (type: string, file: string): Promise<Blob> => {
    const hash = createHash('sha256')
      .update(readFileSync(node.path(file)))
      .digest('hex')
    await node.sh(`mkdir -p ${blobs} && cp ${file} ${blobs}/${hash}`)
    return { mediaType: `${kind}.${type}`, digest: `sha256:${hash}`, size: statSync(node.path(file)).size }
  }
  const putJson = (type: string, value: object) => {
    node.write(`${home}/blob`, JSON.stringify(value))
    return put(type, `${home}/blob`)
  }
  const platform = { architecture: process.arch === 'x64' ? 'amd64' : process.arch, os: 'linux' }
  const content = await put('layer.v1.tar', await makeLayer(node))
  const config = await putJson('config.v1+json', {
    ...platform,
    config: { Cmd: ['sleep', '1000000'], Env: ['PATH=/bin'] },
    rootfs: { type: 'layers', diff_ids: [content.digest] },
  })
  const head = { schemaVersion: 2, mediaType: `${kind}.manifest.v1+json` }
  const manifest = await putJson('manifest.v1+json', { ...head, config, layers: [content] })
  const annotations = { 'io.containerd.image.name': image, 'org.opencontainers.image.ref.name': '1' }
  const index = { schemaVersion: 2, mediaType: `${kind}.index.v1+json` }
  const manifests = [{ ...manifest, annotations, platform }]
  node.write(`${oci}/index.json`, JSON.stringify({ ...index, manifests }))
  node.write(`${oci}/oci-layout`, '{"imageLayoutVersion":"1.0.0"}')
  await node.sh(`tar -C ${oci} -cf ${archive} oci-layout index.json blobs`)
  return archive
}
