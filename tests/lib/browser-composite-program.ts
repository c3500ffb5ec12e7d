/** Runs inside the page: `ChatComposite`s of the vendor's UI library, one beside the other. */
import { AzureCommunicationTokenCredential } from '@azure/communication-common';
import { ChatComposite, createAzureCommunicationChatAdapter } from '@azure/communication-react';
import { createElement } from 'react';
import { createRoot } from 'react-dom/client';

export interface MountOptions {
  readonly endpoint: string;
  readonly userId: string;
  readonly displayName: string;
  readonly token: string;
  readonly threadId: string;
}

/** What the test calls in the page. */
export interface CompositeProgram {
  /** Shows one more composite, in an element with the display name as its `data-testid`. */
  mount(options: MountOptions): Promise<void>;
}

interface Element {
  readonly dataset: Record<string, string>;
  append(child: Element): void;
}

/** The few things of the page that are used here; the tests' types are Node's. */
const page = globalThis as unknown as {
  readonly document: { createElement(name: 'section'): Element; readonly body: Element };
  compositeProgram: CompositeProgram;
};

page.compositeProgram = {
  async mount({ endpoint, userId, displayName, token, threadId }) {
    const adapter = await createAzureCommunicationChatAdapter({
      endpoint,
      userId: { communicationUserId: userId },
      displayName,
      credential: new AzureCommunicationTokenCredential(token),
      threadId,
    });
    const pane = page.document.createElement('section');
    pane.dataset['testid'] = displayName;
    page.document.body.append(pane);
    createRoot(pane).render(createElement(ChatComposite, { adapter }));
  },
};
