import { MessageBar, MessageBarBody, MessageBarTitle } from '@fluentui/react-components';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { Connection } from './chat-state.ts';
import type { ChatUser, Obstacle } from './chat-user.ts';

/** Short breaks mend themselves; only longer ones deserve an explanation. */
const patienceMs = 8000;

const hints = {
  token: { title: 'Token expired', text: 'The access token has expired or was revoked. Choose Start over for new users and tokens.' },
  server: { title: 'Server away', text: 'The server does not answer. The client reconnects by itself once it is back.' },
  webSocket: {
    title: 'WebSocket blocked',
    text: 'The server answers, but the live connection does not come up. A proxy, a browser extension or the network may block WebSockets. Sending still works; new messages show after a reload.',
  },
} as const;

/** Names the cause when a client stays without its live connection. */
export function ConnectionHint({ user, connection }: { readonly user: ChatUser; readonly connection: Connection }): ReactNode {
  const [obstacle, setObstacle] = useState<Obstacle>();
  const waiting = connection === 'connecting' || connection === 'reconnecting';
  useEffect(() => {
    if (!waiting) return undefined;
    let current = true;
    const timer = setInterval(() => {
      void user.diagnose().then((found) => {
        if (current) setObstacle(found);
      });
    }, patienceMs);
    return () => {
      current = false;
      clearInterval(timer);
      setObstacle(undefined);
    };
  }, [user, waiting]);
  if (!obstacle) return null;
  return (
    <MessageBar intent="warning" layout="multiline" data-testid="connection-hint">
      <MessageBarBody>
        <MessageBarTitle>{hints[obstacle].title}</MessageBarTitle> {hints[obstacle].text}
      </MessageBarBody>
    </MessageBar>
  );
}
