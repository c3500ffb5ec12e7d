import { Dropdown, Field, Input, Option, OptionGroup, makeStyles } from '@fluentui/react-components';
import { useCallback } from 'react';
import type { ReactNode } from 'react';
import { useAnswer } from '../use-answer.ts';
import { shortType } from './event-words.ts';
import type { EventsApi, ListedEventType } from './events-api.ts';

// All of the catalogue would cover the window.
const useStyles = makeStyles({ types: { maxHeight: '240px' } });

interface TypesFieldProps extends CatalogueTypesFieldProps {
  /** The events are those of a custom topic. */
  readonly isTopic: boolean;
}

/** Which types of events are wanted. */
export function TypesField({ isTopic, ...props }: TypesFieldProps): ReactNode {
  return isTopic ? <OwnTypesField onChange={props.onChange} /> : <CatalogueTypesField {...props} />;
}

/** The types of a custom topic are those of its publishers. */
function OwnTypesField({ onChange }: { readonly onChange: (types: readonly string[]) => void }): ReactNode {
  const listed = (text: string): string[] =>
    text
      .split(',')
      .map((type) => type.trim())
      .filter((type) => type !== '');
  return (
    <Field label="Event types" hint="Separated by commas.">
      <Input placeholder="All" onChange={(_, data) => onChange(listed(data.value))} data-testid="subscription-own-types" />
    </Field>
  );
}

interface CatalogueTypesFieldProps {
  readonly api: EventsApi;
  readonly types: readonly string[];
  readonly onChange: (types: readonly string[]) => void;
}

function CatalogueTypesField({ api, types, onChange }: CatalogueTypesFieldProps): ReactNode {
  const { value: listed = [], problem } = useAnswer(useCallback((signal: AbortSignal) => api.types('local', signal), [api]));
  const styles = useStyles();
  const groups = Map.groupBy<string, ListedEventType>(listed, ({ group }) => group);
  return (
    <Field label="Event types" {...(problem !== undefined && { validationMessage: problem })}>
      <Dropdown
        multiselect
        placeholder="All"
        selectedOptions={[...types]}
        value={types.map(shortType).join(', ')}
        onOptionSelect={(_, data) => onChange(data.selectedOptions)}
        positioning={{ position: 'below', align: 'start', matchTargetSize: 'width' }}
        listbox={{ className: styles.types }}
        data-testid="subscription-types"
      >
        {[...groups].map(([group, ofGroup]) => (
          <OptionGroup key={group} label={group}>
            {ofGroup.map((type) => (
              <Option key={type.name} value={type.name}>
                {shortType(type.name)}
              </Option>
            ))}
          </OptionGroup>
        ))}
      </Dropdown>
    </Field>
  );
}
