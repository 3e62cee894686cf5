/** What people are told about an error. */
export interface Words {
  /** A sentence without its full stop. */
  readonly title: string;
  /** What it means, or what to do; whole sentences. */
  readonly detail?: string | undefined;
  /** What helps: the same again, signing in, or loading the page anew. */
  readonly action?: 'retry' | 'sign-in' | 'reload' | undefined;
  /** What is wrong with fields, by their names in forms. */
  readonly fields?: Readonly<Partial<Record<FieldName, string>>> | undefined;
}

/** The fields of forms. `password` is also the new one; `currentPassword` is the one to be proved. */
export type FieldName = 'title' | 'description' | 'name' | 'email' | 'password' | 'currentPassword';
