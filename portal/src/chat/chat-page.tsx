import { Button, Card, Field, Select, Text, Title2, makeStyles, mergeClasses, tokens } from '@fluentui/react-components';
import { AddRegular, HistoryRegular } from '@fluentui/react-icons';
import { useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { defaultResource } from '../admin-api.ts';
import type { AdminApi } from '../admin-api.ts';
import { addressOf, navigate, pages, useQuery } from '../router.ts';
import { useAnswer } from '../use-answer.ts';
import { ChatApi, listResources } from './chat-api.ts';
import { NewThreadDialog } from './new-thread-dialog.tsx';
import { ResourceRetentionDialog } from './resource-retention-dialog.tsx';
import { ThreadFilters } from './thread-filters.tsx';
import { ThreadList } from './thread-list.tsx';
import { ThreadView } from './thread-view.tsx';
import { useThreads } from './use-threads.ts';

const narrow = '@media (max-width: 800px)';

const useStyles = makeStyles({
  page: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
  head: { display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: tokens.spacingHorizontalM },
  title: { flexGrow: 1 },
  panes: {
    display: 'grid',
    gap: tokens.spacingHorizontalL,
    gridTemplateColumns: 'minmax(0, 2fr) minmax(0, 3fr)',
    gridTemplateRows: 'minmax(0, 1fr)',
    height: 'max(460px, calc(100vh - 160px))',
    [narrow]: { gridTemplateColumns: 'minmax(0, 1fr)' },
  },
  list: { padding: 0, gap: 0, minHeight: 0, minWidth: 0 },
  hiddenWhenNarrow: { [narrow]: { display: 'none' } },
  nothing: { display: 'grid', placeItems: 'center', color: tokens.colorNeutralForeground3, [narrow]: { display: 'none' } },
});

/** Every thread of a resource, deleted ones too, and what an administrator can do there. */
export function ChatPage({ api }: { readonly api: AdminApi }): ReactNode {
  const styles = useStyles();
  const query = useQuery();
  const [search, setSearch] = useState('');
  const place = useMemo(() => placeOf(query), [query]);
  const { resource, deleted, user, thread } = place;
  const chat = useMemo(() => new ChatApi(api, resource), [api, resource]);
  const view = useThreads(chat, { deleted, user, search });
  const go = (changes: Partial<ChatPlace>): void => navigate(chatAddress({ ...place, ...changes }));
  const addressOfThread = useCallback((id: string) => chatAddress({ resource, deleted, user, thread: id }), [resource, deleted, user]);
  return (
    <div className={styles.page}>
      <Head
        api={api}
        chat={chat}
        onResource={(name) => go({ resource: name, thread: undefined, user: '' })}
        onCreated={(id) => {
          view.refresh();
          go({ deleted: false, user: '', thread: id });
        }}
      />
      <div className={styles.panes}>
        <Card className={mergeClasses(styles.list, thread !== undefined && styles.hiddenWhenNarrow)}>
          <ThreadFilters
            deleted={deleted}
            user={user}
            search={search}
            onDeleted={(changed) => go({ deleted: changed })}
            onUser={(changed) => go({ user: changed })}
            onSearch={setSearch}
          />
          <ThreadList
            view={view}
            selected={thread}
            addressOf={addressOfThread}
            nothing={whyNothing({ deleted, user, search })}
            isSearch={search.trim() !== ''}
          />
        </Card>
        {thread === undefined ? (
          <Text className={styles.nothing}>Choose a thread to see its messages.</Text>
        ) : (
          <ThreadView
            key={`${resource} ${thread}`}
            api={api}
            chat={chat}
            threadId={thread}
            listAddress={chatAddress({ ...place, thread: undefined })}
            onChanged={() => view.refresh()}
          />
        )}
      </div>
    </div>
  );
}

interface HeadProps {
  readonly api: AdminApi;
  readonly chat: ChatApi;
  readonly onResource: (name: string) => void;
  readonly onCreated: (threadId: string) => void;
}

function Head({ api, chat, onResource, onCreated }: HeadProps): ReactNode {
  const styles = useStyles();
  const [dialog, setDialog] = useState<'new' | 'retention'>();
  const { value: names = [] } = useAnswer(useCallback((signal: AbortSignal) => listResources(api, signal), [api]));
  const all = names.includes(chat.resource) ? names : [...names, chat.resource];
  const close = (): void => setDialog(undefined);
  return (
    <div className={styles.head}>
      <Title2 as="h1" className={styles.title}>
        Chat
      </Title2>
      {all.length > 1 && (
        <Field label="Resource" orientation="horizontal">
          <Select value={chat.resource} onChange={(_, data) => onResource(data.value)} data-testid="resource">
            {all.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Button icon={<HistoryRegular />} onClick={() => setDialog('retention')} data-testid="resource-retention">
        Retention
      </Button>
      <Button appearance="primary" icon={<AddRegular />} onClick={() => setDialog('new')} data-testid="new-thread">
        New thread
      </Button>
      {dialog === 'retention' && <ResourceRetentionDialog chat={chat} onClose={close} />}
      {dialog === 'new' && (
        <NewThreadDialog
          chat={chat}
          onCreated={(id) => {
            close();
            onCreated(id);
          }}
          onClose={close}
        />
      )}
    </div>
  );
}

interface ChatPlace {
  readonly resource: string;
  readonly deleted: boolean;
  readonly user: string;
  readonly thread: string | undefined;
}

function placeOf(query: URLSearchParams): ChatPlace {
  return {
    resource: query.get('resource') ?? defaultResource,
    deleted: query.get('deleted') === 'true',
    user: query.get('user') ?? '',
    thread: query.get('thread') ?? undefined,
  };
}

function chatAddress({ resource, deleted, user, thread }: ChatPlace): string {
  return addressOf(pages.chat, {
    resource: resource === defaultResource ? undefined : resource,
    deleted: deleted ? 'true' : undefined,
    user,
    thread,
  });
}

function whyNothing({ deleted, user, search }: { readonly deleted: boolean; readonly user: string; readonly search: string }): string {
  if (search.trim() !== '') return 'No topic and no id contains this text.';
  if (user !== '') return deleted ? 'No deleted thread had this user.' : 'This user takes part in no thread.';
  if (deleted) return 'No thread is deleted. Deleted threads stay here for 30 days.';
  return 'No threads yet. They appear here as applications create them; "New thread" makes one now.';
}
