import type { FaultRule, FaultRuleInForce } from '@switchboard/contract';
import { expect } from 'vitest';
import type { TestServer } from './server.ts';

/** Puts these fault rules in force, and no others. */
export async function setFaults(server: TestServer, ...rules: readonly FaultRule[]): Promise<void> {
  const answer = await server.admin('PUT', '/admin/faults/rules', { rules });
  expect(answer, JSON.stringify(answer.body)).toMatchObject({ status: 200 });
}

export async function faultsOf(server: TestServer): Promise<readonly FaultRuleInForce[]> {
  const { body } = await server.admin<{ rules: FaultRuleInForce[] }>('GET', '/admin/faults/rules');
  return body.rules;
}

/** How often each rule has struck, by its name. */
export async function strikesOf(server: TestServer): Promise<Record<string, number>> {
  return Object.fromEntries((await faultsOf(server)).map(({ name, state }) => [name, state.struck]));
}
