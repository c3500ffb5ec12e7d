import type { PageState } from './page-state.ts';

export interface Step {
  readonly title: string;
  readonly done: boolean;
}

/** The seven steps of a first web chat, and how far this page has come. */
export function journey(state: PageState): readonly Step[] {
  const { alice, bob } = state;
  const hasText = alice.messages.some((message) => message.kind === 'text');
  return [
    { title: 'Resource', done: true },
    { title: 'Users and tokens', done: alice.me !== '' && bob.me !== '' },
    { title: 'Chat clients', done: alice.connection !== 'stopped' && bob.connection !== 'stopped' },
    { title: 'Real-time events', done: alice.connection === 'live' && bob.connection === 'live' },
    { title: 'Thread', done: alice.threadId !== undefined },
    { title: 'Messages', done: hasText },
    { title: 'Clean up', done: alice.deleted },
  ];
}
