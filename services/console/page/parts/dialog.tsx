import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { rememberedName, rememberName, useActor } from '../session.ts';

interface DialogProps {
  title: string;
  /** On the button that does it. */
  verb: string;
  children?: ComponentChildren;
  /** Resolves when it is done; what it throws is shown, and the dialog stays open. `by`: undefined where the log-in says who it is. */
  act(by: string | undefined): Promise<void>;
  close(): void;
}

/** Asks before anything is changed: who does it where that is not known, and what `children` ask. Enter does it, Escape does not. */
export function Dialog({ title, verb, children, act, close }: DialogProps) {
  const { name: known } = useActor();
  const [name, setName] = useState(rememberedName);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => opened(dialog.current), []);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    try {
      if (known === null) rememberName(name);
      await act(known === null ? name : undefined);
      close();
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-label={title} onClose={close}>
      <form onSubmit={(event) => void submit(event)}>
        <h2>{title}</h2>
        {children}
        {known === null && (
          <label>
            Your name
            <input required maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} />
          </label>
        )}
        {error !== null && (
          <p class="trouble" role="alert">
            {error}
          </p>
        )}
        <p class="buttons">
          <button type="submit" class="primary" disabled={isBusy}>
            {verb}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </dialog>
  );
}

/** Says something and changes nothing. */
export function Notice({ title, heading, children, close }: NoticeProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => opened(dialog.current), []);
  return (
    <dialog ref={dialog} aria-label={title} onClose={close}>
      <h2>{heading}</h2>
      {children}
      <p class="buttons">
        <button type="button" onClick={close}>
          Close
        </button>
      </p>
    </dialog>
  );
}

/** Closed by the browser before it goes, which gives the focus back to where it was. */
function opened(dialog: HTMLDialogElement | null): () => void {
  dialog?.showModal();
  return () => dialog?.close();
}

interface NoticeProps {
  title: string;
  heading: string;
  children: ComponentChildren;
  close(): void;
}
