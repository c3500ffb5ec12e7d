import { Field, Input, Tab, TabList, makeStyles, tokens } from '@fluentui/react-components';
import { useState } from 'react';
import type { ReactNode } from 'react';

const useStyles = makeStyles({
  filters: { display: 'grid', gap: tokens.spacingVerticalS, padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}` },
  texts: { display: 'grid', gap: tokens.spacingHorizontalS, gridTemplateColumns: 'repeat(2, minmax(0, 1fr))' },
});

interface ThreadFiltersProps {
  readonly deleted: boolean;
  readonly user: string;
  readonly search: string;
  readonly onDeleted: (deleted: boolean) => void;
  readonly onUser: (user: string) => void;
  readonly onSearch: (search: string) => void;
}

/** Which threads: live or deleted ones, of which user, and by a part of topic or id. */
export function ThreadFilters({ deleted, user, search, onDeleted, onUser, onSearch }: ThreadFiltersProps): ReactNode {
  const styles = useStyles();
  const [draft, setDraft] = useState({ text: user, of: user });
  if (draft.of !== user) setDraft({ text: user, of: user });
  const leave = (): void => {
    if (draft.text.trim() !== user) onUser(draft.text.trim());
  };
  return (
    <div className={styles.filters} role="search" aria-label="Threads">
      <TabList size="small" selectedValue={deleted ? 'deleted' : 'live'} onTabSelect={(_, data) => onDeleted(data.value === 'deleted')}>
        <Tab value="live">Threads</Tab>
        <Tab value="deleted" data-testid="deleted-threads">
          Deleted
        </Tab>
      </TabList>
      <div className={styles.texts}>
        <Field label="Topic or id contains" size="small">
          <Input size="small" type="search" value={search} onChange={(_, data) => onSearch(data.value)} data-testid="search-threads" />
        </Field>
        <Field label="Of user (raw id)" size="small">
          <Input
            size="small"
            type="search"
            value={draft.text}
            onChange={(_, data) => setDraft({ text: data.value, of: user })}
            onBlur={leave}
            onKeyDown={(event) => {
              if (event.key === 'Enter') leave();
            }}
            data-testid="threads-of-user"
          />
        </Field>
      </div>
    </div>
  );
}
