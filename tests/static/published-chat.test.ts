import { readFileSync } from 'node:fs';
import { CommunicationIdentifier, CommunicationIdentifierInput, type Operation, OPERATIONS } from '@switchboard/contract';
import { expect, it } from 'vitest';
import { membersOf } from './published/shape.ts';

/** Microsoft's published definition of an operation, reduced to its members. */
interface Published {
  readonly id: string;
  readonly call: string;
  readonly status: number;
  readonly query: readonly string[];
  readonly request: readonly string[];
  readonly response: readonly string[];
}

const { identifier, operations: published } = readJson('published/chat-2025-03-15.json') as {
  readonly identifier: readonly string[];
  readonly operations: readonly Published[];
};
const ours = OPERATIONS.filter(({ path, auth }) => path.startsWith('/chat/') && auth === 'userToken');

it('every published operation of chat is served, under its id, path and status', () => {
  const served = ours.map((operation) => ({ id: operation.id, call: callOf(operation), status: successOf(operation) }));
  for (const { id, call, status } of published) expect(served).toContainEqual({ id, call, status });
});

it('docs/compatibility.md lists every member that differs from the published definition of chat', () => {
  const [, after = ''] = readText('../../docs/compatibility.md').split('<!-- chat members -->');
  const [table = ''] = after.split('<!-- end -->');
  // Prettier lays the columns out.
  const [, , ...rows] = table.trim().replaceAll(/ {2,}/g, ' ').split('\n');
  expect(rows.sort()).toEqual([...new Set(differences())].sort());
});

/** Rows of the documentation. The same difference in several operations is one. */
function differences(): string[] {
  return [
    ...compare('identifier in a request', membersOf(CommunicationIdentifierInput), identifier),
    ...compare('identifier in a reply', membersOf(CommunicationIdentifier), identifier),
    ...ours.flatMap((operation) => {
      const other = published.find(({ id }) => id === operation.id);
      if (other === undefined) return [`| operation | \`${callOf(operation)}\` | | served |`];
      const response = operation.responses[successOf(operation)];
      return [
        ...compare('query', membersOf(operation.query), other.query),
        ...(isIdentifier(other.request)
          ? []
          : compare('request', operation.body === undefined ? [] : membersOf(operation.body), other.request)),
        ...compare('reply', response === null ? [] : membersOf(response), other.response),
      ];
    }),
  ];
}

/** One row for each member that one side has alone, or has otherwise. */
function compare(where: string, mine: readonly string[], theirs: readonly string[]): string[] {
  const [own, other] = [kinds(mine), kinds(theirs)];
  return [...new Set([...own.keys(), ...other.keys()])]
    .filter((member) => own.get(member) !== other.get(member))
    .map((member) => `| ${where} | \`${member}\` |${cell(other.get(member))} |${cell(own.get(member))} |`);
}

function cell(kind: string | undefined): string {
  return kind === undefined ? '' : ` ${kind}`;
}

/** What each member is, by its name: `string`, `required string`. */
function kinds(members: readonly string[]): Map<string, string> {
  return new Map(
    members.map((member) => {
      const [name = '', kind = ''] = member.split(/ (?=[^ ]+$)/);
      return name.endsWith('*') ? [name.slice(0, -1), `required ${kind}`] : [name, kind];
    }),
  );
}

/** The body of a removal is an identifier as a whole, which is compared on its own. */
function isIdentifier(members: readonly string[]): boolean {
  return members.length === 1 && members[0] === 'identifier';
}

function callOf({ method, path }: Operation): string {
  return `${method} ${path}`;
}

function successOf({ responses }: Operation): number {
  return Number(Object.keys(responses).find((status) => status.startsWith('2')));
}

function readText(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function readJson(path: string): unknown {
  return JSON.parse(readText(path));
}
