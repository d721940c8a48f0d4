import type avsc from 'avsc';

/** What the registry has to say about a schema id. */
export type SchemaLookup =
  | { readonly kind: 'found'; readonly type: avsc.Type }
  /** The registry answered: there is no schema of that id. */
  | { readonly kind: 'unknown'; readonly message: string }
  /** There is one, but it is not Avro or cannot be compiled. */
  | { readonly kind: 'unsupported'; readonly message: string }
  /** The registry did not answer, or not sensibly. */
  | { readonly kind: 'unavailable'; readonly cause: Error };
