import { FluentProvider, makeStaticStyles, makeStyles, tokens } from '@fluentui/react-components';
import { StrictMode } from 'react';
import type { ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { takeAdminKeyFromAddress } from './admin-key.ts';
import { App } from './app.tsx';
import { useSystemTheme } from './color-scheme.ts';

// Fluent UI sets type and colour of headings but leaves the browser's margins.
const useStaticStyles = makeStaticStyles({ body: { margin: 0 }, 'h1, h2, h3': { margin: 0 } });
const useStyles = makeStyles({ root: { minHeight: '100vh', backgroundColor: tokens.colorNeutralBackground2 } });

function Themed({ children }: { readonly children: ReactNode }): ReactNode {
  useStaticStyles();
  const styles = useStyles();
  return (
    <FluentProvider theme={useSystemTheme()}>
      {/* Not on the provider: it hands its classes to the layer of every menu and dialog, which would then cover the page. */}
      <div className={styles.root}>{children}</div>
    </FluentProvider>
  );
}

takeAdminKeyFromAddress();
const root = document.getElementById('root');
if (!root) throw new Error('index.html lacks the element #root');
createRoot(root).render(
  <StrictMode>
    <Themed>
      <App />
    </Themed>
  </StrictMode>,
);
