import { X } from 'lucide-react';
import { type MouseEvent, type ReactNode, useEffect, useId, useRef } from 'react';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  /** `sheet` comes from below on a phone. */
  readonly kind?: 'centre' | 'sheet' | 'palette';
  /** Whether the title is only for screen readers. */
  readonly untitled?: boolean;
  readonly children: ReactNode;
}

/**
 * A modal dialog, open as long as it is mounted. The platform's own element keeps the focus inside, makes the rest inert,
 * closes on Escape and gives the focus back.
 */
export function Dialog({ title, onClose, kind = 'centre', untitled = false, children }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog === null || dialog.open) return;
    dialog.showModal();
    return () => dialog.close();
  }, []);
  const onClick = (event: MouseEvent): void => {
    // Its padding belongs to a child, so only the backdrop is the dialog itself.
    if (event.target === element.current) onClose();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it by itself
    <dialog
      ref={element}
      className={`dialog dialog-${kind}`}
      aria-labelledby={id}
      onClick={onClick}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-body">
        <div className={untitled ? 'visually-hidden' : 'dialog-head'}>
          <h2 id={id}>{title}</h2>
          <button type="button" className="icon-button" aria-label="Close" onClick={onClose}>
            <X size={16} aria-hidden="true" />
          </button>
        </div>
        {children}
      </div>
    </dialog>
  );
}
