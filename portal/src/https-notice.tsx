import { Button, Card, Subtitle2, Text, Title2, makeStyles, tokens } from '@fluentui/react-components';
import { LockClosedRegular } from '@fluentui/react-icons';
import type { ReactNode } from 'react';
import { signedInAddress } from './admin-key.ts';
import { Command } from './command.tsx';

const useStyles = makeStyles({
  card: { maxWidth: '640px', margin: '4vh auto 0', padding: tokens.spacingHorizontalXXL, gap: tokens.spacingVerticalL },
  button: { justifySelf: 'start', alignSelf: 'flex-start' },
  help: { display: 'grid', gap: tokens.spacingVerticalS },
});

interface HttpsNoticeProps {
  /** HTTPS address of the server; undefined until the first status answer. */
  readonly endpoint: string | undefined;
  readonly caFile: string | undefined;
  readonly adminKey: string;
}

/** Says why a page needs the HTTPS origin, and leads there. */
export function HttpsNotice({ endpoint, caFile, adminKey }: HttpsNoticeProps): ReactNode {
  const styles = useStyles();
  return (
    <Card className={styles.card} data-testid="https-notice">
      <Title2 as="h1">This page needs HTTPS</Title2>
      <Text>
        The Azure SDKs send access tokens over HTTPS only. The server has an HTTPS address with a certificate of its own local authority;
        open the page there. You stay signed in.
      </Text>
      {endpoint && (
        <Button
          as="a"
          appearance="primary"
          icon={<LockClosedRegular />}
          className={styles.button}
          href={signedInAddress({ endpoint, path: location.pathname, key: adminKey })}
          data-testid="open-https"
        >
          Open on {new URL(endpoint).host}
        </Button>
      )}
      <div className={styles.help}>
        <Subtitle2 as="h2">If the browser warns about the certificate</Subtitle2>
        <Text>Let the browsers of this user trust the local authority, then start the browser again:</Text>
        <Command text="switchboard trust" label="Copy command" />
        {caFile && (
          <>
            <Text>Or import this file as a certificate authority in the browser’s settings:</Text>
            <Command text={caFile} label="Copy path" />
          </>
        )}
        <Text>For a quick look, continuing past the warning works as well.</Text>
      </div>
    </Card>
  );
}
