export declare const PAGES: string;
export declare const CATALOGUE: string;
export declare function renderDocs(library: object): {
  readonly files: readonly (readonly [path: string, text: string])[];
  readonly pictures: readonly (readonly [name: string, expression: string])[];
  readonly missing: readonly string[];
};
