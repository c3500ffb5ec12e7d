import { ConfigError } from './config-error.ts';
import { parseYaml, readYaml } from './file.ts';

/** Fixtures as they were read: what is in them is judged by who loads them. */
export interface GivenFixtures {
  /** Where they stand, to be put before what is said of them. */
  readonly origin: string;
  readonly content: unknown;
}

/**
 * The section of a settings file comes as JSON; anything else is the path of a file, whose content may stand in such a
 * section too.
 *
 * @throws ConfigError
 */
export function fixturesOf(text: string | undefined): GivenFixtures | undefined {
  if (text === undefined) return undefined;
  if (text.startsWith('[')) throw new ConfigError('fixtures must hold users and threads, not a list');
  if (text.startsWith('{')) return { origin: 'fixtures.', content: parseYaml(text, 'fixtures') };
  const content = readYaml(text);
  return { origin: `${text}: `, content: content['fixtures'] ?? content };
}
