/** A row and its distance from the top of the viewport, in CSS pixels. */
export interface Anchor {
  readonly id: string;
  readonly offset: number;
  /** The history entry in which the row was there. */
  readonly entry: string;
}

const NAME = 'tasks:scroll';
/** More entries than a user goes back through. */
const MAX_ENTRIES = 50;

let anchors: Map<string, Anchor> | undefined;

/** The key of the current history entry, which survives a reload. In browsers without it, entries of the same view share one. */
export function entryKey(): string {
  const { navigation } = window as { navigation?: { currentEntry: { key: string } | null } };
  return navigation?.currentEntry?.key ?? location.pathname + location.search;
}

/** The first row in view when the user left a history entry; undefined if the list was at its beginning. */
export function anchorOf(entry: string): Anchor | undefined {
  return read().get(entry);
}

/** Sets the first row in view of a history entry. */
export function keepAnchor(entry: string, anchor: Anchor | undefined): void {
  const known = read();
  known.delete(entry);
  if (anchor) known.set(entry, anchor);
}

/** Stores all anchors in the browser's tab, for a reload. They contain no text of a task. */
export function storeAnchors(): void {
  try {
    const latest = [...read()].slice(-MAX_ENTRIES);
    sessionStorage.setItem(NAME, JSON.stringify(latest));
  } catch {
    // The storage is blocked or full: after a reload, the list begins at its top.
  }
}

function read(): Map<string, Anchor> {
  if (anchors) return anchors;
  try {
    const stored = JSON.parse(sessionStorage.getItem(NAME) ?? '[]') as [string, Anchor][];
    anchors = new Map(stored);
  } catch {
    anchors = new Map<string, Anchor>();
  }
  return anchors;
}
