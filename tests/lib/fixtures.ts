import type { LoadedFixtures } from '@switchboard/contract';
import type { TestServer } from './server.ts';

/** Settings with fixtures: one thread of two users, with a past. */
export const FIXTURE_SETTINGS = `
clock: virtual
seed: 7
fixtures:
  users:
    - { handle: alice, displayName: Alice }
    - { handle: bob, displayName: Bob, id: '8:acs:bob' }
  threads:
    - handle: lunch
      topic: Lunch
      creator: alice
      createdAt: -P2D
      metadata: { room: blue }
      retentionPolicy: { kind: threadCreationDate, deleteThreadAfterDays: 60 }
      participants: [{ user: bob, shareHistoryTime: -PT3H, metadata: { table: '4' } }]
      messages:
        - { sender: bob, content: 'See you', sentAt: -30m, metadata: { mood: good } }
        - { sender: alice, content: 'Anybody?', sentAt: -PT4H }
        - { sender: alice, content: '<b>Lunch?</b><script>x</script>', type: html, sentAt: -PT2H, editedAt: -PT1H, readBy: [bob] }
        - { sender: bob, content: 'Wrong thread', sentAt: -PT1H, deletedAt: -40m }
`;

/** What `GET /admin/fixtures` tells. */
export type LastLoad = Pick<LoadedFixtures, 'users' | 'threads'> & Partial<Pick<LoadedFixtures, 'loadedAt' | 'resource'>>;

export async function lastLoad(server: TestServer): Promise<LastLoad> {
  return (await server.admin<LastLoad>('GET', '/admin/fixtures')).body;
}
