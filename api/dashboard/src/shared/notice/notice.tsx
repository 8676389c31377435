/** What stands where data should be: that they are being read, that there are none, or what went wrong and what to do. */

import type { ComponentChildren } from "preact";

export function Loading({ what }: { what: string }) {
  return (
    <p class="notice" data-kind="loading" role="status">
      Reading {what}…
    </p>
  );
}

export function Empty({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div class="notice" data-kind="empty" role="status">
      <p>
        <strong>{title}</strong>
      </p>
      <p>{children}</p>
    </div>
  );
}

export function Failed({ title, message, retry }: { title: string; message: string; retry: () => void }) {
  return (
    <div class="notice" data-kind="error" role="alert">
      <p>
        <strong>✕ {title}</strong>
      </p>
      <p>{message}</p>
      <button type="button" onClick={retry}>
        Try again
      </button>
    </div>
  );
}
