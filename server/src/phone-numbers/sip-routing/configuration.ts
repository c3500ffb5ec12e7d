import type { SipConfiguration, SipConfigurationUpdate } from '@switchboard/contract';
import { sipErrors } from './errors.ts';

/** Bounds of the published definition (SipRouting 2023-03-01). */
const MOST_TRUNKS = 250;
const MOST_ROUTES = 250;
const MOST_TRUNKS_OF_ROUTE = 250;
const LONGEST_FQDN = 249;
const LONGEST_NAME = 256;
const LONGEST_DESCRIPTION = 1_024;
const LONGEST_PATTERN = 1_024;

const LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const FQDN = new RegExp(`^(?:${LABEL}\\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$`, 'i');

type Trunks = SipConfiguration['trunks'];
type Route = SipConfiguration['routes'][number];

/**
 * The configuration with an update merged into it: trunks one by one, routes all at once.
 *
 * @throws ApiError 422 naming what cannot be
 */
export function merged(current: SipConfiguration, update: SipConfigurationUpdate): SipConfiguration {
  if (Object.keys(update.trunks ?? {}).length === 0 && update.routes === undefined) throw sipErrors.emptyPatch();
  const trunks = mergedTrunks(current.trunks, update.trunks ?? {});
  const routes = update.routes === undefined ? current.routes : (update.routes ?? []).map(routeOf);
  if (routes.length > MOST_ROUTES) throw sipErrors.tooMany('routes', MOST_ROUTES);
  checkNames(routes);
  for (const [i, route] of routes.entries()) checkTrunks(route, trunks, `routes[${i}]`);
  return { trunks, routes };
}

function mergedTrunks(current: Trunks, update: NonNullable<SipConfigurationUpdate['trunks']>): Trunks {
  // Names of hosts are the same in any case of letters; the spelling that was given last is kept.
  const trunks = new Map(Object.entries(current).map(([fqdn, trunk]) => [fqdn.toLowerCase(), { fqdn, trunk }]));
  for (const [fqdn, change] of Object.entries(update)) {
    if (fqdn.length > LONGEST_FQDN || !FQDN.test(fqdn)) throw sipErrors.badFqdn(fqdn);
    const key = fqdn.toLowerCase();
    if (change === null) trunks.delete(key);
    else {
      const port = change.sipSignalingPort ?? trunks.get(key)?.trunk.sipSignalingPort ?? 0;
      if (port < 1 || port > 65_535) throw sipErrors.badPort(fqdn, port);
      trunks.set(key, { fqdn, trunk: { sipSignalingPort: port } });
    }
  }
  if (trunks.size > MOST_TRUNKS) throw sipErrors.tooMany('trunks', MOST_TRUNKS);
  return Object.fromEntries([...trunks.values()].map(({ fqdn, trunk }) => [fqdn, trunk]));
}

function routeOf(input: NonNullable<NonNullable<SipConfigurationUpdate['routes']>[number]>, i: number): Route {
  const { name, description, numberPattern, trunks } = input;
  const target = `routes[${i}]`;
  if (name === '' || name.length > LONGEST_NAME) throw sipErrors.badName(`${target}.name`);
  if ((description?.length ?? 0) > LONGEST_DESCRIPTION) throw sipErrors.badDescription(`${target}.description`);
  if (!isPattern(numberPattern)) throw sipErrors.badPattern(`${target}.numberPattern`);
  if ((trunks?.length ?? 0) > MOST_TRUNKS_OF_ROUTE) throw sipErrors.tooMany(`${target}.trunks`, MOST_TRUNKS_OF_ROUTE);
  return {
    name,
    ...(description === null || description === undefined ? {} : { description }),
    numberPattern,
    trunks: trunks ?? [],
  };
}

function checkNames(routes: readonly Route[]): void {
  const names = new Set<string>();
  for (const [i, { name }] of routes.entries()) {
    if (names.has(name)) throw sipErrors.duplicateRoute(`routes[${i}].name`);
    names.add(name);
  }
}

function checkTrunks({ trunks: used }: Route, trunks: Trunks, target: string): void {
  const known = new Set(Object.keys(trunks).map((fqdn) => fqdn.toLowerCase()));
  const seen = new Set<string>();
  for (const fqdn of used.map((name) => name.toLowerCase())) {
    if (seen.has(fqdn)) throw sipErrors.duplicateTrunk(`${target}.trunks`);
    seen.add(fqdn);
    if (!known.has(fqdn)) throw sipErrors.missingTrunk(`${target}.trunks`, fqdn);
  }
}

/**
 * Patterns are of .NET, where an anchor may be repeated (the service’s own tests use `^+[1-9][0-9]{3,23}$`), and options may stand
 * within.
 */
function isPattern(text: string): boolean {
  if (text === '' || text.length > LONGEST_PATTERN) return false;
  try {
    const plain = text.replaceAll(/\(\?[imnsx]+\)/g, '').replaceAll(/(?<!\\)([\^$])[+*?]/g, '$1');
    return new RegExp(plain) instanceof RegExp;
  } catch {
    return false;
  }
}
