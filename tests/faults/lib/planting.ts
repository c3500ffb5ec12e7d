import { registerHooks } from 'node:module';
import { type Edit, PLANT_VARIABLE, PLANTS } from './plants.ts';

// Loaded into a server by `--import`: changes one of its sources while it is loaded. A text that is not there, or there
// twice, ends the server: a plant that has rotted must not look like a bug that no test found.

const name = process.env[PLANT_VARIABLE] ?? '';
const edit: Edit | undefined = Object.hasOwn(PLANTS, name) ? PLANTS[name as keyof typeof PLANTS] : undefined;
if (edit === undefined) throw new Error(`there is no plant ${JSON.stringify(name)}`);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(edit.file)) return loaded;
    // Sources come as bytes.
    const parts = Buffer.from(loaded.source as Uint8Array)
      .toString()
      .split(edit.find);
    if (parts.length !== 2) throw new Error(`the plant ${JSON.stringify(name)} fits ${parts.length - 1} places of ${edit.file}`);
    process.stderr.write(`planted: ${name}\n`);
    return { ...loaded, source: parts.join(edit.replace) };
  },
});
