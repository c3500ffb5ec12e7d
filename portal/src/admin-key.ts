import { useSyncExternalStore } from 'react';

const storageName = 'switchboard.adminKey';
const changed = 'switchboard:admin-key';

/**
 * Moves `#key=…` from the address bar to the tab's session storage, so that the key stays out of history, bookmarks and screenshots.
 * The fragment of an address is never sent to a server.
 */
export function takeAdminKeyFromAddress(): void {
  const key = new URLSearchParams(location.hash.slice(1)).get('key');
  if (!key) return;
  history.replaceState(history.state, '', location.pathname + location.search);
  setAdminKey(key);
}

function setAdminKey(key: string | undefined): void {
  if (key) sessionStorage.setItem(storageName, key);
  else sessionStorage.removeItem(storageName);
  window.dispatchEvent(new Event(changed));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener(changed, listener);
  // The banner's link, opened in a tab that shows the portal already, only changes the fragment.
  window.addEventListener('hashchange', takeAdminKeyFromAddress);
  return () => {
    window.removeEventListener(changed, listener);
    window.removeEventListener('hashchange', takeAdminKeyFromAddress);
  };
}

/** The admin key of this tab, and how to change it (`undefined` signs out). */
export function useAdminKey(): readonly [string | undefined, (key: string | undefined) => void] {
  const key = useSyncExternalStore(subscribe, () => sessionStorage.getItem(storageName) ?? undefined);
  return [key, setAdminKey];
}

/** An address of the portal that signs in on another origin of the same server. */
export function signedInAddress(options: { endpoint: string; path: string; key: string }): string {
  const address = new URL(options.path, options.endpoint);
  address.hash = new URLSearchParams({ key: options.key }).toString();
  return address.href;
}
