import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { projectJsonSchema } from '../src/project/json-schema';

/** Writes the JSON Schema that editors complete and check `warmstart.json` with. */
const file = fileURLToPath(new URL('../schema/warmstart.schema.json', import.meta.url));
mkdirSync(new URL('../schema', import.meta.url), { recursive: true });
writeFileSync(file, `${JSON.stringify(projectJsonSchema(), null, 2)}\n`);
