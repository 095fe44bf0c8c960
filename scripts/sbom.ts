/** Bills of materials: what is in an executable, in CycloneDX's format. From the same sources they are the same. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { Enums, Models, Serialize, Spec, Validation } from '@cyclonedx/cyclonedx-library'
import { epoch, manifest, read } from './building.ts'
import { component } from './components.ts'

interface Own {
  readonly license: string
  readonly description: string
}

/** Our own code, as it stands in an executable. */
function product(name: string, executable: Uint8Array): Models.Component {
  const { license, description } = read('package.json') as Own
  const { version } = manifest
  const type = Enums.ComponentType.Application
  const made = component({ name, version, license, purl: `pkg:generic/${name}@${version}`, type })
  made.description = description
  made.hashes.set(Enums.HashAlgorithm['SHA-256'], createHash('sha256').update(executable).digest('hex'))
  return made
}

/** The text of a bill. */
export function billOf(name: string, executable: Uint8Array, components: readonly Models.Component[]): string {
  const own = product(name, executable)
  for (const { bomRef } of components) own.dependencies.add(bomRef)
  const metadata = new Models.Metadata({ component: own, timestamp: new Date(Number(epoch) * 1000) })
  const bom = new Models.Bom({ metadata, components: new Models.ComponentRepository(components) })
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6)
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 })}\n`
}

/** Throws where a text is no bill by the schema of CycloneDX 1.6. */
export async function validateBill(text: string): Promise<void> {
  const fault = await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)
  if (fault !== null) throw new Error(`no valid bill of materials: ${JSON.stringify(fault)}`)
}

/** Writes the bill of an executable beside it. */
export async function writeBill(
  name: string,
  executable: string,
  components: readonly Models.Component[],
): Promise<void> {
  const text = billOf(name, readFileSync(executable), components)
  await validateBill(text)
  writeFileSync(`${executable}.cdx.json`, text)
}
