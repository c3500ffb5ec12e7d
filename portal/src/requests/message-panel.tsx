import { Text, makeStyles, tokens } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { CopyButton } from '../copy-button.tsx';
import { formatBytes, prettyBody } from './pretty.ts';
import type { RequestMessage } from './requests-api.ts';

const useStyles = makeStyles({
  panel: { display: 'grid', gap: tokens.spacingVerticalM, gridTemplateColumns: 'minmax(0, 1fr)' },
  headers: {
    display: 'grid',
    gridTemplateColumns: 'fit-content(45%) minmax(0, 1fr)',
    gap: `${tokens.spacingVerticalXXS} ${tokens.spacingHorizontalM}`,
    margin: 0,
  },
  name: { color: tokens.colorNeutralForeground3, overflowWrap: 'anywhere', fontSize: tokens.fontSizeBase200 },
  value: { margin: 0, fontFamily: tokens.fontFamilyMonospace, fontSize: tokens.fontSizeBase200, overflowWrap: 'anywhere' },
  bodyHead: { display: 'flex', alignItems: 'center', justifyContent: 'space-between', color: tokens.colorNeutralForeground3 },
  body: {
    margin: 0,
    padding: tokens.spacingHorizontalM,
    maxHeight: '50vh',
    overflow: 'auto',
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground3,
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  quiet: { color: tokens.colorNeutralForeground3 },
});

/** Body and headers of a request or an answer. */
export function MessagePanel({ message, testId }: { readonly message: RequestMessage; readonly testId: string }): ReactNode {
  const styles = useStyles();
  const { headers, body } = message;
  return (
    <div className={styles.panel} data-testid={testId}>
      {body === undefined ? (
        <Text className={styles.quiet}>No body</Text>
      ) : (
        <div>
          <div className={styles.bodyHead}>
            <Text size={200}>{body.complete ? formatBytes(body.bytes) : `The beginning of ${formatBytes(body.bytes)}`}</Text>
            <CopyButton text={body.text} label="Copy body" />
          </div>
          <pre className={styles.body} tabIndex={0} aria-label="Body">
            {prettyBody(body.text)}
          </pre>
        </div>
      )}
      {headers.length > 0 && (
        <dl className={styles.headers}>
          {headers.map(({ name, value }, index) => (
            <HeaderRow key={index} name={name} value={value} />
          ))}
        </dl>
      )}
    </div>
  );
}

function HeaderRow({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  const styles = useStyles();
  return (
    <>
      <dt className={styles.name}>{name}</dt>
      <dd className={styles.value}>{value}</dd>
    </>
  );
}
