// How a round of training is timed; runs in browsers too.

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];

/**
 * Trains until engines have compiled what is hot: a round and a little more.
 *
 * @param epoch  trains once over the data and answers [mean loss, steps]
 * @returns      a function that does a round of `perRound` epochs and answers its times' median and the last loss
 */
export async function warmTraining({ perRound, epoch }) {
  for (let i = 0; i < perRound + 2; i++) await epoch();
  return async () => {
    const times = [];
    let loss;
    for (let i = 0; i < perRound; i++) {
      const start = performance.now();
      const [mean, steps] = await epoch();
      times.push((performance.now() - start) / steps);
      loss = mean;
    }
    return { msPerStep: median(times), loss };
  };
}
