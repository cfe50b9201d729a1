export interface Reference {
  readonly id: string;
  readonly precision: "float64" | "float32";
  readonly argNames?: readonly string[];
  readonly cases: readonly { readonly args: unknown; readonly expected: unknown }[];
}

export interface Result {
  readonly id: string;
  readonly precision: "float64" | "float32";
  readonly cases: number;
  readonly missing?: string;
  readonly worst: number;
  readonly wrong: number;
  readonly share: number;
}

export declare function measure(library: object, reference: Reference): Result;
export declare function readSelection(): Reference[];
export declare function nameOf(result: Result): string;
export declare function worstLines(result: Result, count: number): string[];
export declare function parseDecimal(text: string): { readonly high: number; readonly low: number };
