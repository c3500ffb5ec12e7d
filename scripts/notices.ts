/** `npm run notices` writes THIRD-PARTY-NOTICES.md anew; `tests/static/notices.test.ts` fails when it is out of date. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderNotices } from './render-notices.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'THIRD-PARTY-NOTICES.md'), await renderNotices(root));
