import semver from 'semver';
import { folderOf, nameOf, type LockedPackage, type LockedProject, type Manifest } from './lockfile.ts';

/** The vendor's closed packages: replaced by stand-ins of ours, never installed. */
const BANNED = ['@azure/communication-calling', '@azure/communication-calling-effects'];
const STAND_INS = 'stubs/';

/** The packages that bring Node itself: the exact Node that runs everything here. */
const NODE_PACKAGE = /^node-(?:bin-)?(?:linux|darwin|win)-(?:x64|arm64)$/;

/** Every reason to refuse the lockfile, as sentences; empty when there is none. */
export function lockfileProblems(project: LockedProject): string[] {
  const packages = Object.entries(project.lockfile.packages).filter(([folder]) => folder.includes('node_modules/'));
  return [
    ...originProblems(project),
    ...(project.lockfile.lockfileVersion === 3 ? [] : [`lockfileVersion is ${project.lockfile.lockfileVersion}, not 3`]),
    ...packages.flatMap(([folder, locked]) => packageProblems(project, folder, locked)),
    ...Object.entries(project.manifests).flatMap(([folder, manifest]) => pinProblems(project, folder, manifest)),
  ];
}

/** An npm run by an older Node silently picks older versions, and the lockfile does not show it: so its origin is kept beside it. */
function originProblems({ origin, sha256, manifests }: LockedProject): string[] {
  const range = manifests['']?.engines?.node ?? '*';
  if (!semver.satisfies(origin.node, range)) return [`the lockfile was made under Node ${origin.node}, the project needs ${range}`];
  return origin.sha256 === sha256 ? [] : ['the lockfile was not made by `npm run lock`, so the Node that made it is unknown'];
}

function packageProblems(project: LockedProject, folder: string, locked: LockedPackage): string[] {
  // An alias names the package it stands for.
  const name = locked.name ?? nameOf(folder);
  const isStandIn = locked.link === true && locked.resolved?.startsWith(STAND_INS) === true;
  const problems = BANNED.includes(name) && !isStandIn ? [`${name} is not to be installed`] : [];
  if (locked.link === true) return problems;
  if (locked.resolved !== undefined) problems.push(`${folder} names where it was downloaded from: ${locked.resolved}`);
  if (locked.integrity === undefined) problems.push(`${folder} has no integrity`);
  for (const wanted of Object.keys({ ...locked.dependencies, ...locked.optionalDependencies })) {
    // An optional one too: npm leaves out what a platform's registry lacks, and `npm ci` then refuses the whole lockfile.
    if (folderOf(project.lockfile, folder, wanted) === undefined) problems.push(`${folder} needs ${wanted}, which is not locked`);
  }
  const needed = locked.engines?.node ?? '*';
  for (const node of nodesOf(project))
    if (!semver.satisfies(node, needed)) problems.push(`${folder} needs Node ${needed}, which ${node} is not`);
  return problems;
}

function nodesOf({ lockfile }: LockedProject): string[] {
  const nodes = Object.entries(lockfile.packages).filter(([folder]) => NODE_PACKAGE.test(nameOf(folder)));
  return nodes.flatMap(([, { version }]) => version ?? []);
}

function pinProblems({ lockfile }: LockedProject, folder: string, manifest: Manifest): string[] {
  const pins = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies });
  const where = folder === '' ? 'package.json' : `${folder}/package.json`;
  return pins.flatMap(([name, pin]) => {
    const version = pin.replace(/^npm:.*@/, '');
    if (semver.valid(version) === null) return [`${where} does not pin ${name} to one version: ${pin}`];
    const found = lockfile.packages[folderOf(lockfile, folder, name) ?? ''];
    const target = found?.link === true ? lockfile.packages[found.resolved ?? ''] : found;
    return target?.version === version ? [] : [`${where} pins ${name} ${version}, the lockfile has ${target?.version ?? 'none'}`];
  });
}
