// node validate.js cyclonedx|register|risk-register|scope FILE...: holds documents against their schema; prints what does not fit,
// exit 1 then.
// Run with NODE_PATH at the folder of the installed packages.
const fs = require('fs');
const path = require('path');
const [, , which, ...files] = process.argv;
const read = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));
const { createRequire } = require('module');
const from = createRequire(path.join(process.env.NODE_PATH, 'index.js'));
let validate;
if (which === 'cyclonedx') {
  const Ajv = from('ajv').default;
  const ajv = new Ajv({ strict: false, allErrors: true });
  from('ajv-formats')(ajv);
  from('ajv-formats-draft2019')(ajv);
  const folder = path.join(process.env.NODE_PATH, '@cyclonedx', 'cyclonedx-library', 'res', 'schema');
  for (const name of fs.readdirSync(folder)) {
    if (/^(spdx|jsf|cryptography-defs).*\.json$/.test(name)) {
      // The library keeps its copies under other names than their $id: references go by file name.
      ajv.addSchema(read(path.join(folder, name)), `http://cyclonedx.org/schema/${name}`);
    }
  }
  const name = fs.readdirSync(folder).find((each) => /^bom-1\.6\..*\.json$/.test(each) && !/strict/.test(each));
  validate = ajv.compile(read(path.join(folder, name)));
} else {
  const Ajv = from('ajv/dist/2020').default;
  const ajv = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true, allowUnionTypes: true });
  from('ajv-formats')(ajv);
  const schemas = {
    register: ['exports', 'schema', 'herkomst-register.schema.json'],
    'risk-register': ['exports', 'schema', 'risk-register.schema.json'],
    scope: ['probes', 'schema', 'herkomst-scope.schema.json'],
  };
  validate = ajv.compile(read(path.join(__dirname, '..', '..', 'scanner', ...schemas[which])));
}
let bad = false;
for (const file of files) {
  if (!validate(read(file))) {
    bad = true;
    for (const error of validate.errors) console.log(`${file}: ${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`);
  }
}
process.exit(bad ? 1 : 0);
