import { Button, Tooltip } from '@fluentui/react-components';
import { CheckmarkRegular, CopyRegular } from '@fluentui/react-icons';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';

const shownMs = 1500;

interface CopyButtonProps {
  readonly text: string;
  readonly label: string;
  /** Shows the label in the button and not only beside it. */
  readonly withLabel?: boolean;
}

/** Copies `text`; the icon turns into a tick for a moment. */
export function CopyButton({ text, label, withLabel = false }: CopyButtonProps): ReactNode {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async (): Promise<void> => {
    // Refused when the page is not focused; then nothing was copied and no tick is shown.
    await navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  const icon = copied ? <CheckmarkRegular /> : <CopyRegular />;
  if (withLabel) {
    return (
      <Button size="small" icon={icon} onClick={() => void copy()}>
        {label}
      </Button>
    );
  }
  return (
    <Tooltip content={copied ? 'Copied' : label} relationship="label">
      <Button size="small" appearance="subtle" icon={icon} onClick={() => void copy()} />
    </Tooltip>
  );
}
