/**
 * Gauss and Legendre's rule of 20 points on [-1, 1]: exact for polynomials up to degree 39. The positive half; the other is its mirror.
 *
 * @source DLMF 3.5(v)
 */
const POINTS = [
  0.9931285991850949, 0.9639719272779138, 0.912234428251326, 0.8391169718222188, 0.7463319064601508, 0.636053680726515,
  0.5108670019508271, 0.37370608871541955, 0.22778585114164507, 0.07652652113349734,
];
const WEIGHTS = [
  0.017614007139152118, 0.04060142980038694, 0.06267204833410907, 0.08327674157670475, 0.10193011981724044,
  0.11819453196151841, 0.13168863844917664, 0.14209610931838204, 0.14917298647260374, 0.15275338713072584,
];

/** Points and weights of the rule on each panel between two neighbouring ends. */
export function panels(ends: readonly number[]): { readonly points: number[]; readonly weights: number[] } {
  const [points, weights] = [[] as number[], [] as number[]];
  for (let i = 0; i + 1 < ends.length; i++) {
    const [from, to] = [ends[i] as number, ends[i + 1] as number];
    const [centre, half] = [(from + to) / 2, (to - from) / 2];
    POINTS.forEach((x, k) => {
      for (const side of [-1, 1]) {
        points.push(centre + side * half * x);
        weights.push(half * (WEIGHTS[k] as number));
      }
    });
  }
  return { points, weights };
}
