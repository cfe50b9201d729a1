import type { Tensor } from "credence";

type Step = (state: unknown, rows: Tensor, rate: Tensor, x: Tensor, y: Tensor) => unknown;

export declare const step: Step;
export declare function trainedHash(steps: number, advance?: Step): Promise<string>;
