import { Fragment, type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { Link } from './link.tsx';
import { nextByKey } from './list-keys.ts';
import { usePressOutside } from './use-press-outside.ts';

interface MenuProps {
  /** On the button that opens it. */
  readonly label: ReactNode;
  /** What the button is called, where its label does not say. */
  readonly name?: string;
  /** Of the items, in order; what is chosen closes the menu. */
  readonly items: readonly MenuItem[];
  /** Above the items. */
  readonly children?: ReactNode;
}

interface MenuItemBase {
  readonly key: string;
  readonly label: ReactNode;
  /** Whether it is set apart from the items before it. */
  readonly startsGroup?: boolean;
}

/** What is done, or the page that is shown, when it is chosen. */
export type MenuItem = MenuItemBase &
  ({ readonly onChoose: () => void } | { readonly href: string; readonly onChoose?: never });

/** A button that opens a short menu (ARIA menu button): arrows move in it, Escape and a press elsewhere close it. */
export function Menu({ label, name, items, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (open) itemsOf(root.current)[0]?.focus();
  }, [open]);
  usePressOutside(root, open, () => setOpen(false));

  const close = (): void => {
    setOpen(false);
    button.current?.focus();
  };
  const move = (event: KeyboardEvent): void => {
    if (!open) return;
    if (event.key === 'Tab') setOpen(false);
    if (event.key === 'Escape') close();
    const elements = itemsOf(root.current);
    const at = elements.findIndex((element) => element.matches(':focus'));
    const next = nextByKey(event.key, at, elements.length);
    if (next === undefined) return;
    event.preventDefault();
    elements[next]?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the buttons inside
    <div className="menu" ref={root} onKeyDown={move}>
      <button
        type="button"
        className="button"
        ref={button}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={id}
        aria-label={name}
        onClick={() => setOpen(!open)}
      >
        {label}
      </button>
      {open && (
        <div className="menu-sheet">
          {children}
          <div role="menu" id={id} aria-label={name}>
            {items.map((item) => (
              <Fragment key={item.key}>
                {item.startsGroup === true && <hr className="menu-line" />}
                <Item item={item} onClose={close} />
              </Fragment>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}

interface ItemProps {
  readonly item: MenuItem;
  readonly onClose: () => void;
}

function Item({ item, onClose }: ItemProps) {
  const usual = { role: 'menuitem', tabIndex: -1, className: 'menu-item' };
  if (item.onChoose === undefined) {
    return (
      <Link href={item.href} onClick={onClose} {...usual}>
        {item.label}
      </Link>
    );
  }
  const choose = (): void => {
    onClose();
    item.onChoose();
  };
  return (
    <button type="button" onClick={choose} {...usual}>
      {item.label}
    </button>
  );
}

const itemsOf = (root: HTMLElement | null): readonly HTMLElement[] => [
  ...(root?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? []),
];
