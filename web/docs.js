// Renders /protocol.json and /openapi.json. Text only ever as text.

/** @param {string} tag @param {string} [text] @param {...Node} children */
function make(tag, text = '', ...children) {
  const node = document.createElement(tag);
  node.append(text, ...children);
  return node;
}

/** A JSON Schema type in a few words. @param {any} schema @returns {string} */
function kind(schema) {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((/** @type {unknown} */ v) => JSON.stringify(v)).join(' | ');
  if (schema.anyOf) return schema.anyOf.map(kind).join(' | ');
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.type === 'array') return `list of ${kind(schema.items ?? {})}`;
  return schema.format ?? schema.type ?? 'anything';
}

/** @param {any} schema @param {HTMLElement} place */
function frames(schema, place) {
  for (const [type, ref] of Object.entries(schema.discriminator.mapping)) {
    const frame = schema.$defs[String(ref).split('/').pop() ?? ''];
    const rows = Object.entries(frame.properties).map(([name, field]) =>
      make('tr', '', make('td', '', make('code', name)), make('td', kind(field)),
        make('td', (frame.required ?? []).includes(name) ? 'required' : '')));
    place.append(make('details', '',
      make('summary', '', make('code', type), make('span', frame.description)),
      make('table', '', make('tbody', '', ...rows))));
  }
}

/** @param {any} api @param {HTMLElement} place */
function routes(api, place) {
  for (const [path, methods] of Object.entries(api.paths)) {
    for (const [method, route] of Object.entries(/** @type {any} */ (methods))) {
      place.append(make('details', '',
        make('summary', '', make('code', `${method.toUpperCase()} ${path}`),
          make('span', (route.description ?? route.summary ?? '').split('\n')[0])),
        make('p', route.description ?? '')));
    }
  }
}

const [protocol, api] = await Promise.all(
  ['/protocol.json', '/openapi.json'].map(async (url) => (await fetch(url)).json()));
for (const side of ['client', 'server']) {
  frames(protocol[side], /** @type {HTMLElement} */ (document.getElementById(side)));
}
routes(api, /** @type {HTMLElement} */ (document.getElementById('http')));
