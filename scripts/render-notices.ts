import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';
import { readLockedProject } from './lockfile.ts';
import { productionPackages, type ProductionPackage } from './production.ts';

/** Files that carry a licence or a notice the licence asks to pass on. */
const NOTICE_FILE = /^(?:licen[cs]e|copying|notice|copyright)/i;

/** Where the words common to all users of a licence begin; what stands before is the package's own copyright notice. */
const TERMS_BEGIN = /^(?:Permission is hereby granted|Permission to use, copy|Redistribution and use in)/m;

/** A licence's terms and the copyright notices of the packages that come under them. */
interface Terms {
  readonly text: string;
  readonly holders: string[];
}

/**
 * The text of THIRD-PARTY-NOTICES.md: every production package by name and licence, then the copyright notices, the
 * terms they share printed once. It names no versions, so that a routine update of a dependency does not change it.
 *
 * @param root folder of the project, with its packages installed
 */
export function renderNotices(root: string): Promise<string> {
  const { lockfile, manifests } = readLockedProject(root);
  const packages = productionPackages(lockfile, manifests);
  const sections = [
    '# Third-party notices',
    'Switchboard is published under the MIT licence (see `LICENSE`). Its packages depend on, and its portal contains, the works below.',
    'Written by `npm run notices`; do not edit.',
    '## Packages',
    table(packages),
    '## Copyright notices and terms',
    ...groupByTerms(root, packages).map(({ text, holders }) => [...holders, fenced(text)].join('\n\n')),
  ];
  return prettier.format(sections.join('\n\n'), { parser: 'markdown' });
}

function table(packages: readonly ProductionPackage[]): string {
  const rows = new Set(packages.map(({ name, licence }) => `| ${name} | ${licence} |`));
  return ['| Package | Licence |', '| --- | --- |', ...rows].join('\n');
}

function groupByTerms(root: string, packages: readonly ProductionPackage[]): Terms[] {
  const groups = new Map<string, Terms>();
  for (const item of packages) {
    const whole = noticeText(root, item);
    if (whole === '') continue;
    const start = Math.max(0, whole.search(TERMS_BEGIN));
    const text = whole.slice(start);
    const key = text.replace(/\s+/g, ' ');
    const holder = `**${item.name}**${holderOf(whole.slice(0, start))}`;
    const group = groups.get(key) ?? { text, holders: [] };
    if (!group.holders.includes(holder)) group.holders.push(holder);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function holderOf(head: string): string {
  return head === '' ? '' : `\n\n${fenced(head.trim())}`;
}

/** Empty where the package carries none, or is not installed on every platform: then its row in the table must do. */
function noticeText(root: string, { folder, platformBound }: ProductionPackage): string {
  if (platformBound) return '';
  const files = readdirSync(join(root, folder))
    .filter((file) => NOTICE_FILE.test(file))
    .sort();
  return files.map((file) => normalised(readFileSync(join(root, folder, file), 'utf8'))).join('\n\n');
}

function normalised(text: string): string {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

/** A fence longer than any in the text. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}`;
}
