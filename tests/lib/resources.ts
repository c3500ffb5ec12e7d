import type { ResourceWithKeys } from '@switchboard/contract';
import type { TestServer } from './server.ts';

let made = 0;

/** An isolated resource of a running server, under a name of its own. */
export async function newResource(
  server: TestServer,
  wanted: { readonly name?: string; readonly dataLocation?: string; readonly limits?: 'handbook' | 'azure' } = {},
): Promise<ResourceWithKeys> {
  made += 1;
  const { status, body } = await server.admin<ResourceWithKeys>('POST', '/admin/resources', { name: `made-${made}`, ...wanted });
  if (status !== 201) throw new Error(`the resource was refused: ${JSON.stringify(body)}`);
  return body;
}
