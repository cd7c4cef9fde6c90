/** Read aloud by screen readers, in their own time; not seen. */
export function Announce({ text }: { readonly text: string }) {
  return (
    <p class="unseen" aria-live="polite">
      {text}
    </p>
  );
}
