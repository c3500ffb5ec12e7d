import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { addressOf, navigate, pages } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { DisturbDialog } from './disturb-dialog.tsx';
import type { EventSubscription, EventsApi, FaultRuleInForce } from './events-api.ts';
import { namesIn } from './log-view.tsx';
import { NewSubscriptionDialog } from './new-subscription-dialog.tsx';
import { TriggerDialog } from './trigger-dialog.tsx';

export type OpenDialog = 'trigger' | 'disturb' | 'subscribe';

interface EventDialogsProps {
  readonly api: EventsApi;
  readonly open: OpenDialog | undefined;
  readonly rules: readonly FaultRuleInForce[];
  readonly subscriptions: readonly EventSubscription[];
  readonly onRulesChanged: () => void;
  readonly onSubscribed: () => void;
  readonly onClose: () => void;
}

/** What the buttons of the page open, one at a time. */
export function EventDialogs({ api, open, rules, subscriptions, onRulesChanged, onSubscribed, onClose }: EventDialogsProps): ReactNode {
  const { value: sources } = useAnswer(useCallback((signal: AbortSignal) => api.sources(signal), [api]));
  const { resources = [], topics = [] } = sources ?? {};
  switch (open) {
    case 'trigger':
      return <TriggerDialog api={api} resources={resources} topics={topics} onTriggered={showEvent} onClose={onClose} />;
    case 'disturb': {
      const names = namesIn(subscriptions.map(({ name }) => name));
      return <DisturbDialog api={api} rules={rules} subscriptions={names} onChanged={onRulesChanged} onClose={onClose} />;
    }
    case 'subscribe':
      return <NewSubscriptionDialog api={api} resources={resources} topics={topics} onCreated={onSubscribed} onClose={onClose} />;
    case undefined:
      return null;
  }
}

/** Opens an event that has just been made, whatever the list was narrowed to. */
function showEvent(id: string): void {
  navigate(addressOf(pages.events, { id }));
}
