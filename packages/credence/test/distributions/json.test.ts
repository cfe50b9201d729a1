import { tensor } from "credence";
import {
  Categorical,
  type DistributionJson,
  fromJSON,
  Independent,
  MixtureSameFamily,
  Normal,
} from "credence/distributions";
import { describe, expect, test } from "vitest";
import { expectCode } from "../support/laws.js";

const mixture = new MixtureSameFamily({
  mixture: new Categorical({ logits: [0, Number.NEGATIVE_INFINITY] }),
  components: new Independent(
    new Normal({
      loc: tensor([
        [0, 1],
        [2, 3],
      ]),
      scale: new Float32Array([0.1, 2]),
    }),
    1,
  ),
});

describe("toJSON and fromJSON", () => {
  test("through text, a distribution comes back to the bit", () => {
    const text = JSON.stringify(mixture);
    const back = fromJSON(JSON.parse(text) as DistributionJson) as typeof mixture;
    expect(JSON.stringify(back)).toBe(text);
    expect(back.components.base.scale.data()).toEqual(mixture.components.base.scale.data());
    expect(back.logProb([0.5, 0.5]).item()).toBe(mixture.logProb([0.5, 0.5]).item());
  });

  test("the element type of the parameters stays, and bare numbers stay bare", () => {
    const single = fromJSON(new Normal({ loc: new Float32Array([1, 2]), scale: 1 }).toJSON()) as Normal;
    expect(single.loc.dtype).toBe("float32");
    const bare = fromJSON(new Normal({ loc: 0, scale: 1 }).toJSON());
    expect(bare.logProb(new Float32Array([1])).dtype).toBe("float32");
  });

  test("what is no distribution is refused, with a hint", () => {
    expectCode("argument", () => fromJSON("Normal" as never));
    expectCode("argument", () => fromJSON(null as never));
    expectCode("argument", () => fromJSON({ distribution: "constructor", parameters: {} }));
    expectCode("argument", () => fromJSON({ distribution: "Normal", parameters: { loc: "zero" as never, scale: 1 } }));
    expectCode("argument", () => fromJSON({ distribution: "Normal", dtype: "int8" as never, parameters: {} }));
    expectCode("domain", () => fromJSON({ distribution: "Normal", parameters: { loc: 0, scale: "-Infinity" } }));
    expect(() => fromJSON({ distribution: "normal", parameters: {} })).toThrow('write "Normal"');
  });
});
