import type { TestProject } from 'vitest/node';
import { TestPostgres } from './postgres.ts';

/** One PostgreSQL for all unit tests of a run. Where it cannot start, those that need it fail and say why. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  try {
    const postgres = await TestPostgres.start();
    project.provide('postgres', { url: postgres.url() });
    return () => postgres.stop();
  } catch (error) {
    project.provide('postgres', { failure: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
